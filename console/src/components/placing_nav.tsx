// The pages of placing, one beside the other.
import { Link, useRouter } from "../frame/router";
import { useWords } from "../words/words";

const PAGES = [
  ["/placing", "placing.plans"],
  ["/placing/eligible", "eligible.title"],
  ["/placing/runs", "placing.runs"],
  ["/placing/why", "placing.why"],
  ["/placing/duty", "placing.duty"],
] as const;

export function PlacingNav() {
  const { t } = useWords();
  const { path } = useRouter();
  return (
    <nav className="subnav" aria-label={t("placing.pages")}>
      {PAGES.map(([to, word]) => (
        <Link key={to} to={to} aria-current={path === to || (to !== "/placing" && path.startsWith(`${to}/`)) ? "page" : undefined}>
          {t(word)}
        </Link>
      ))}
    </nav>
  );
}
