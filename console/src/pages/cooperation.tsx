// Cooperation: agreements of partner schools and their term, schools covered, staff sent and received.
import { BoardPage } from "../components/board";
import { useWords } from "../words/words";

export default function CooperationPage() {
  const { t } = useWords();
  return (
    <BoardPage
      board="cooperation"
      path="/cooperation"
      title={t("board.cooperation")}
      lead={t("board.cooperation_lead")}
      first="agreements_in_force"
    />
  );
}
