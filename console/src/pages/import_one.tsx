export { ImportPage as default } from "./imports";
