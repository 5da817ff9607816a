// Teachers: staff, subjects without a teacher, special posts, training, the rural subsidy.
import { BoardPage } from "../components/board";
import { useWords } from "../words/words";

export default function TeachersPage() {
  const { t } = useWords();
  return (
    <BoardPage
      board="teachers"
      path="/teachers"
      title={t("board.teachers")}
      lead={t("board.teachers_lead")}
      first="subject_gaps"
    />
  );
}
