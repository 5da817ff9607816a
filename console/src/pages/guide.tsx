// The user's guide, in the language of the page; opened from a page it starts at what concerns that page.
import { Fragment, useEffect, type ReactNode } from "react";
import { pictures, texts, type Block, type Span } from "virtual:guide";
import { Page } from "../components/page";
import { useFilters } from "../frame/router";
import { useWords } from "../words/words";

function Text({ spans }: { spans: Span[] }) {
  return (
    <>
      {spans.map((span, i) => {
        if ("code" in span) return <code key={i}>{span.code}</code>;
        if ("bold" in span) return <strong key={i}>{span.bold}</strong>;
        return <Fragment key={i}>{span.text}</Fragment>;
      })}
    </>
  );
}

function Table({ block }: { block: Block & { kind: "table" } }) {
  return (
    <table className="plain">
      <thead>
        <tr>
          {block.head.map((cell, i) => (
            <th scope="col" key={i}>
              <Text spans={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {block.rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j}>
                <Text spans={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function render(block: Block, at: number): ReactNode {
  switch (block.kind) {
    case "heading":
      if (block.level === 1) return null;
      return block.level === 2 ? (
        <h2 key={at} id={`chapter-${at}`} tabIndex={-1}>
          {block.text}
        </h2>
      ) : (
        <h3 key={at}>{block.text}</h3>
      );
    case "text":
      return (
        <p key={at}>
          <Text spans={block.spans} />
        </p>
      );
    case "list":
    case "numbered": {
      const items = block.items.map((item, i) => (
        <li key={i}>
          <Text spans={item} />
        </li>
      ));
      return block.kind === "list" ? <ul key={at}>{items}</ul> : <ol key={at}>{items}</ol>;
    }
    case "code":
      return (
        <pre key={at} tabIndex={0}>
          {block.text}
        </pre>
      );
    case "table":
      return <Table key={at} block={block} />;
    case "picture":
      return <img key={at} src={pictures[block.picture]} alt={block.alt} loading="lazy" />;
  }
}

export default function GuidePage() {
  const { t, lang } = useWords();
  const [query] = useFilters();
  const blocks = texts[lang];
  const wanted = query.page ?? "";
  useEffect(() => {
    const at = blocks.findIndex((block) => block.kind === "heading" && block.pages.includes(wanted));
    const chapter = at < 0 ? null : document.getElementById(`chapter-${at}`);
    if (!chapter) return;
    chapter.scrollIntoView();
    chapter.focus({ preventScroll: true });
  }, [wanted, blocks]);
  const chapters = blocks
    .map((block, at) => ({ block, at }))
    .filter(({ block }) => block.kind === "heading" && block.level === 2);
  return (
    <Page title={t("guide.title")}>
      <div className="guide">
        <nav aria-label={t("guide.chapters")}>
          <ol>
            {chapters.map(({ block, at }) => (
              <li key={at}>
                <a href={`#chapter-${at}`}>{block.kind === "heading" ? block.text : ""}</a>
              </li>
            ))}
          </ol>
        </nav>
        <div className="guide-text">{blocks.map(render)}</div>
      </div>
    </Page>
  );
}
