#include "intake/note.h"

#include "intake/intake.h"

static const struct {
    const char *code, *zh, *en;
} notes[] = {
    {NOTE_ROW_NAMES_NOBODY, "既无姓名也无号码，不知是谁",
     "neither a name nor a number: it names nobody"},
    {NOTE_ROW_SHIFTED, "姓名与身份证号填反了，已换回",
     "name and ID number stood in each other's column and were exchanged"},
    {NOTE_NAME_DAMAGED, "姓名中有无法识别的字符", "the name holds a character that cannot be read"},
    {NOTE_NAME_NO_NAME, "姓名栏内容不像姓名", "what stands in the name column is no name"},
    {NOTE_ID_WRONG_CHECK, "身份证号校验位或出生日期不对",
     "the ID number's check character or day of birth is wrong"},
    {NOTE_ID_DAMAGED, "身份证号残缺（位数不对或末位丢失）",
     "the ID number is damaged: wrong length or lost digits"},
    {NOTE_ID_NOT_OWN, "身份证号像是家长的，不是本人的",
     "the ID number seems to be a parent's, not the person's own"},
    {NOTE_ID_BIRTH_DIFFERS, "身份证号与出生日期不一致",
     "the ID number and the date of birth disagree"},
    {NOTE_ID_SEX_DIFFERS, "身份证号与性别不一致", "the ID number and the sex disagree"},
    {NOTE_STUDENT_NUMBER_WRONG, "学籍号不合规则", "the student number does not follow the rules"},
    {NOTE_DATE_UNREADABLE, "日期无法识别", "the date cannot be read"},
    {NOTE_DATE_AMBIGUOUS, "日期有多种读法，未猜",
     "the date can mean several days and was not guessed"},
    {NOTE_DATE_UNREAL, "没有这一天", "there is no such day"},
    {NOTE_SEX_UNREADABLE, "性别无法识别", "the sex cannot be read"},
    {NOTE_YES_NO_UNREADABLE, "是否栏无法识别", "neither yes nor no can be read"},
    {NOTE_CHOICE_UNKNOWN, "不在本栏的选项之内", "not one of the choices of this column"},
    {NOTE_NUMBER_UNREADABLE, "数字无法识别", "the number cannot be read"},
    {NOTE_MONEY_UNREADABLE, "金额无法识别", "the amount cannot be read"},
    {NOTE_AREA_UNKNOWN, "区划代码无法识别", "the division code cannot be read"},
    {NOTE_PHONE_UNREADABLE, "电话号码无法识别", "the phone number cannot be read"},
    {NOTE_SCHOOL_CODE_WRONG, "学校标识码应为 10 位数字", "a school code has 10 digits"},
    {NOTE_GRADE_UNREADABLE, "年级无法识别", "the grade cannot be read"},
    {NOTE_PERIOD_UNREADABLE, "学年学期无法识别，或不止一种读法",
     "the term or school year cannot be read, or can be read in several ways"},
    {NOTE_PEOPLE_UNREADABLE, "读不出其中的人名", "no names can be read in it"},
    {NOTE_DIGITS_LOST, "数字被表格软件改成科学计数，末位已丢失",
     "the spreadsheet turned the number to scientific form and lost digits"},
};

const char *intake_note_text(struct str code, enum lang lang)
{
    const size_t count = sizeof notes / sizeof *notes;
    size_t at = 0;
    while (at < count && !str_is(code, notes[at].code)) at++;
    CHECK(at < count);
    return lang == LANG_EN ? notes[at].en : notes[at].zh;
}

const char *intake_note_code(size_t number)
{
    return number < sizeof notes / sizeof *notes ? notes[number].code : NULL;
}
