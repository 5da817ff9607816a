// The head of every page: one heading, which gets the focus when the page is opened, and what can be done there.
import { useEffect, useRef, type ReactNode } from "react";
import { useRouter } from "../frame/router";
import { useWords } from "../words/words";

interface PageProps {
  title: string;
  /** One sentence under the heading: what this page is for, or what it shows now. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, actions, children }: PageProps) {
  const { t } = useWords();
  const { path, moved } = useRouter();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t("product.name")}`;
  }, [title, t]);
  useEffect(() => {
    if (!moved) return;
    const active = document.activeElement;
    const typing = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
    if (!typing) heading.current?.focus({ preventScroll: true });
  }, [path, moved]);
  return (
    <article className="page">
      <header className="page-head">
        <div>
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </article>
  );
}

export function Section({ title, extra, children }: { title: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  );
}

/** Label and value, one under the other in columns. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value === "" || item.value === null ? "–" : item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
