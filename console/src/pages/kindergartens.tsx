// Coverage of villages that need a kindergarten: own, shared within reach, far, none.
import { BoardPage } from "../components/board";
import { useWords } from "../words/words";

export default function KindergartensPage() {
  const { t } = useWords();
  return (
    <BoardPage
      board="kindergartens"
      path="/kindergartens"
      title={t("board.kindergartens")}
      lead={t("board.kindergartens_lead")}
      first="villages_need_kindergarten"
    />
  );
}
