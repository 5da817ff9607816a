// Files of a case: chosen before something is recorded, and opened from the story of the case.
import Button from "antd/es/button";
import { useRef, useState, type DragEvent } from "react";
import { download } from "../api/client";
import { useAction } from "../api/use_api";
import { useWords } from "../words/words";
import { ActionError } from "./states";

const ACCEPTED =
  ".pdf,.ofd,.jpg,.jpeg,.png,.bmp,.tif,.tiff,.heic,.docx,.xlsx,.doc,.xls,.wps,.et,.zip,.mp3,.m4a,.mp4,.amr,.wav";

/** 1536 as "2 kB"; whole kilobytes are enough to know a photograph from a form. */
export function sizeOf(bytes: number): string {
  return bytes < 1000000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1000000).toFixed(1)} MB`;
}

interface ChosenProps {
  files: File[];
  put: (files: File[]) => void;
}

/** A button and a place to drop files; what was chosen can be taken away again. */
export function ChosenFiles({ files, put }: ChosenProps) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null) => put([...files, ...Array.from(list ?? [])]);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  return (
    <div className="chosen-files" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <span className="field-label">{t("case.file")}</span>
      <ul>
        {files.map((file, i) => (
          <li key={i}>
            {file.name} <span className="help">{sizeOf(file.size)}</span>{" "}
            <Button size="small" onClick={() => put(files.filter((_, other) => other !== i))}>
              {t("case.file_remove")}
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={() => input.current?.click()}>{t("case.file_choose")}</Button>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        className="hidden"
        aria-label={t("case.file_choose")}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <p className="help">{t("case.file_help")}</p>
    </div>
  );
}

/** Gives back the file of an event; that it was opened is in the audit trail. */
export function KeptFile({ path, name, bytes }: { path: string; name: string; bytes: number }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const open = useAction(async () => {
    await download(path, {}, name);
    setOpened(true);
  });
  return (
    <>
      <Button size="small" loading={open.busy} onClick={() => void open.run()}>
        {t("case.file_open", { name })}
      </Button>
      <span className="help">
        {sizeOf(bytes)}
        {opened && ` · ${t("case.file_opened")}`}
      </span>
      <ActionError error={open.error} />
    </>
  );
}
