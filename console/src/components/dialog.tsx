// A dialog that gives the focus back to what opened it, also where it is taken away whole instead of being closed.
import Modal, { type ModalProps } from "antd/es/modal";
import { useEffect, useRef } from "react";

export function Dialog({ open = true, ...rest }: ModalProps) {
  const opener = useRef<Element | null>(null);
  if (!open) opener.current = null;
  else if (opener.current === null) opener.current = document.activeElement;
  useEffect(
    () => () => {
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (lost && opener.current instanceof HTMLElement) opener.current.focus();
    },
    [],
  );
  return <Modal open={open} {...rest} />;
}
