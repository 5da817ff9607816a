export { DifferencesPage as default } from "./publications";
