#include "base/file.h"
#include "base/testing.h"
#include "identity/id_number.h"
#include "intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Heading sets as different clerks in different offices would write them. `title` may be NULL;
 * `fields` names the field of each column, "-" for one kept aside, "#" for one that counts. */
struct table_case {
    const char *file, *title, *headings, *expected, *fields;
};

static const struct table_case cases[] = {
    /* 户籍 */
    {"户籍人口.csv", NULL, "姓名,公民身份号码,性别,民族,出生日期,户号,与户主关系,住址",
     "population", "name id_number sex nation birth_date household_number relation address"},
    {"导出.csv", NULL,
     "序号,姓名,公民身份号码,性别,出生日期,户号,与户主关系,户主姓名,户籍状态,所属派出所",
     "population",
     "# name id_number sex birth_date household_number relation head_name status police_station"},
    {"0-18岁.csv", "郭城驿派出所辖区适龄儿童户籍信息",
     "姓名,身份证号码(18位),性别,户籍地址,监护人一姓名,监护人一身份证号,监护人二姓名,"
     "监护人二身份证号",
     "population",
     "name id_number sex address guardian_name guardian_id guardian2_name guardian2_id"},
    {"公安局数据.csv", NULL, "XM,GMSFHM,XB,CSRQ,HH,YHZGX,HJDZ", "population",
     "name id_number sex birth_date household_number relation address"},
    {"hukou.csv", "人口信息",
     "行政区划代码,户主姓名,户主身份证号,姓名,身份证号,与户主关系,迁入日期,户口状态", "population",
     "area_code head_name head_id name id_number relation from status"},
    /* a whole household a row set, no title, no word that only the police use */
    {"x.csv", NULL, "序号,姓名,公民身份证号码,住址,户主关系,户主,性别,户号,民族,出生年月",
     "population",
     "# name id_number address relation head_name sex household_number nation birth_date"},
    /* a list of pupils that says how they stand on the roll, though it has no number of theirs */
    {"学生名册.csv", "学生名册",
     "学校名称,标识码,姓名,性别,民族,年级,班级,就读方式,学籍状态,监护人姓名", "roll",
     "school_name school_code name sex nation grade class boarding status guardian_name"},
    {"户籍底册.csv", NULL, "乡镇,村,户主,姓名,身份证,关系", "population",
     "township village head_name name id_number relation"},
    {"x.csv", NULL,
     "公民身份号码,姓名,曾用名,性别,民族,户号,户主姓名,户主公民身份号码,与户主关系,何时迁入,"
     "注销标识",
     "population",
     "id_number name - sex nation household_number head_name head_id relation from status"},
    /* 常住与流动 */
    {"流动人口.csv", NULL, "姓名,身份证号,户籍所在地,居住地址,居住证号,登记日期,随行子女",
     "residents", "name id_number origin_address address permit_number from companions"},
    {"data.csv", "白银区流动人口登记表",
     "姓名,性别,证件号码,户籍地址,现居住地址,暂住事由,登记时间,联系电话", "residents",
     "name sex id_number origin_address address reason from phone"},
    {"居住证.csv", NULL, "持证人姓名,公民身份号码,居住证编号,签发日期,居住地址", "residents",
     "name id_number permit_number from address"},
    {"随迁子女名单.csv", NULL, "儿童姓名,身份证号,原籍,现居住地,流入时间,监护人,监护人电话",
     "residents", "name id_number origin_address address from guardian_name phone"},
    {"residents 2020.csv", NULL,
     "Name,ID number,Sex,Registered address,Address,Residence permit,Children", "residents",
     "name id_number sex origin_address address permit_number companions"},
    /* 入户摸排 */
    {"摸排表.csv", NULL,
     "姓名,身份证号,出生日期,村(社区),户主,就读学校,未就学原因,有无户籍,走访人,走访日期",
     "door_survey",
     "name id_number birth_date village head_name school_name reason registered visitor "
     "visited_on"},
    {"1.csv", "会宁县适龄儿童少年入户摸底登记表",
     "序号,村社,户主姓名,儿童姓名,性别,出生年月,现就读学校,年级,未入学原因,入户教师", "door_survey",
     "# village head_name name sex birth_date school_name grade reason visitor"},
    {"控辍保学大排查.csv", NULL,
     "乡镇,村委会,组,家长姓名,孩子姓名,孩子身份证号,是否在校,在何校就读,失学原因", "door_survey",
     "township village group guardian_name name id_number in_school school_name reason"},
    {"红堡子村.csv", "文化户口册",
     "户主,姓名,与户主关系,出生年月日,身份证号码,文化程度,就读学校及年级", "door_survey",
     "head_name name relation birth_date id_number - school_name"},
    {"摸底.csv", NULL, "姓名,身份证,学校,辍学原因,核查人,核查时间", "door_survey",
     "name id_number school_name reason visitor visited_on"},
    {"入户走访.csv", NULL, "姓名,身份证号,学校", "door_survey", "name id_number school_name"},
    /* 学籍 */
    {"学籍.csv", NULL,
     "学生姓名,全国学籍号,身份证件类型,身份证件号,性别,出生日期,民族,学校标识码,学校名称,年级,班级,"
     "就读方式,学生状态,户口所在地,现住址,成员1姓名,成员1身份证件号,联系电话",
     "roll",
     "name student_number id_kind id_number sex birth_date nation school_code school_name grade "
     "class boarding status origin_address address guardian_name guardian_id phone"},
    {"export.csv", NULL,
     "学校名称,学校标识码,姓名,性别,出生日期,民族,身份证件类型,身份证件号,学籍号,学籍辅号,班内学号,"
     "年级,班级,入学年月,入学方式,就读方式,是否独生子女,是否留守儿童,成员1姓名,成员1关系,"
     "成员1是否监护人,成员1身份证件号,成员2姓名,成员2身份证件号",
     "roll",
     "school_name school_code name sex birth_date nation id_kind id_number student_number "
     "auxiliary_number - grade class from entry_kind boarding - left_behind guardian_name "
     "guardian_relation - guardian_id guardian2_name guardian2_id"},
    {"在籍生.csv", "红堡子小学学籍信息", "姓名,学籍号,班级,状态", "roll",
     "name student_number class status"},
    {"幼儿学籍.csv", NULL, "幼儿姓名,身份证号,幼儿园名称,入园时间,班级,监护人姓名,监护人联系方式",
     "roll", "name id_number school_name from class guardian_name phone"},
    {"roll.csv", NULL,
     "student_name,student_id,id_number,gender,dob,school,school_code,grade,class,status", "roll",
     "name student_number id_number sex birth_date school_name school_code grade class status"},
    {"xjgl.csv", NULL, "XM,XJH,SFZJH,XB,CSRQ,XXMC,NJ,BJ,XSZT", "roll",
     "name student_number id_number sex birth_date school_name grade class status"},
    {"学籍系统导出.csv", NULL,
     "学生姓名*,学籍号*,身份证号*,所在学校*,所在年级*,所在班级*,学籍状态*,监护人/姓名,监护人/"
     "身份证号",
     "roll",
     "name student_number id_number school_name grade class status guardian_name guardian_id"},
    {"学籍.csv", NULL, "姓名,身份证号,学校", "roll", "name id_number school_name"},
    /* 在校 */
    {"一.csv", NULL, "姓名,身份证件号,学校名称,年级,学生状态", "roll",
     "name id_number school_name grade status"},
    {"二.csv", NULL, "学生姓名,学籍号,身份证件号,学校名称,年级,班级", "roll",
     "name student_number id_number school_name grade class"},
    {"三.csv", NULL, "姓名,身份证号,学校,年级,班级,统计日期", "attending",
     "name id_number school_name grade class day_stated"},
    {"到校.csv", NULL, "姓名,学籍号,学校,年级,班级,到校情况,缺勤天数,统计日期", "attending",
     "name student_number school_name grade class status absent_days day_stated"},
    {"9月.csv", "红堡子小学2020年秋季在校学生花名册", "序号,姓名,性别,身份证号,家长姓名,联系电话",
     "attending", "# name sex id_number guardian_name phone"},
    {"开学报到.csv", NULL, "班级,学生姓名,性别,是否报到,家长,家长手机", "attending",
     "class name sex status guardian_name phone"},
    {"在校生.csv", NULL, "姓名,身份证号,学校", "attending", "name id_number school_name"},
    {"考勤.csv", NULL, "姓名,学籍号,年级,出勤情况,未到校原因", "attending",
     "name student_number grade status reason"},
    {"三年级.csv", "红堡子小学三年级2班学生花名册",
     "学号,姓名,性别,出生年月,身份证号,家庭住址,监护人,关系,电话", "attending",
     "- name sex birth_date id_number address guardian_name guardian_relation phone"},
    {"在园幼儿.csv", NULL, "幼儿姓名,身份证号码,班级,是否在园,家长姓名,家长身份证号", "attending",
     "name id_number class status guardian_name guardian_id"},
    {"返校复课统计.csv", NULL, "学校名称,年级,班级,姓名,身份证号,是否返校,未返校原因", "attending",
     "school_name grade class name id_number status reason"},
    {"attendance.csv", NULL, "Name,ID No.,School,Grade,Class,Present,Days absent", "attending",
     "name id_number school_name grade class status absent_days"},
    /* 毕业 */
    {"毕业.csv", NULL, "姓名,身份证号,学籍号,毕业学校,毕业年月,学段", "graduates",
     "name id_number student_number school_name to stage"},
    {"2020届.csv", "2020届初中毕业生花名册", "序号,姓名,性别,身份证号,学校,毕业证号", "graduates",
     "# name sex id_number school_name certificate_number"},
    {"小学毕业生.csv", NULL, "学生姓名,身份证号,原就读学校,升入学校", "graduates",
     "name id_number school_name next_school"},
    {"毕业生.csv", NULL, "姓名,身份证号,学校", "graduates", "name id_number school_name"},
    /* 市外 */
    {"外地.csv", NULL, "姓名,身份证号码,就读省份,就读学校,年级,家长姓名,证明", "elsewhere",
     "name id_number province school_name grade guardian_name proof"},
    {"外出就读学生统计表.csv", NULL,
     "乡镇,村,学生姓名,性别,身份证号,就读地,学校名称,班级,有无就读证明,家长电话", "elsewhere",
     "township village name sex id_number province school_name class proof phone"},
    {"随父母外出.csv", "市外就读学生花名册", "姓名,身份证,学校全称,年级,户主", "elsewhere",
     "name id_number school_name grade head_name"},
    /* 送教 */
    {"送教.csv", NULL, "姓名,身份证号,残疾类别,残疾等级,送教学校,送教教师,每月次数", "homebound",
     "name id_number disability_kind disability_grade school_name teacher times_per_month"},
    {"2020.csv", "送教上门学生名单",
     "学生姓名,性别,身份证号码,家庭住址,监护人,承担学校,送教老师,开始时间", "homebound",
     "name sex id_number address guardian_name school_name teacher from"},
    {"送教上门.csv", NULL, "姓名,残疾证号,年级,送教频次", "homebound",
     "name certificate_number grade times_per_month"},
    /* 缓学休学 */
    {"缓学.csv", NULL, "姓名,身份证号,类型,起止日期,批准机关,批准文号", "deferred",
     "name id_number kind from approved_by approval_number"},
    {"休学审批.csv", NULL, "学校,年级,姓名,学籍号,休学原因,休学起始日期,休学结束日期,审批单位",
     "deferred", "school_name grade name student_number reason from to approved_by"},
    {"延缓入学儿童.csv", NULL, "儿童姓名,身份证号,监护人,申请理由,缓学期限,审批时间,文号",
     "deferred", "name id_number guardian_name reason from approved_on approval_number"},
    /* 死亡 */
    {"死亡.csv", NULL, "姓名,公民身份号码,死亡日期,注销日期", "deaths",
     "name id_number from cancelled_on"},
    {"殡葬.csv", NULL, "死者姓名,性别,身份证号,死亡时间,死因,户籍地址", "deaths",
     "name sex id_number from reason address"},
    {"户口注销.csv", "死亡注销户口人员名单", "序号,姓名,身份证号码,注销时间,派出所", "deaths",
     "# name id_number cancelled_on police_station"},
    /* 脱贫 */
    {"脱贫.csv", NULL,
     "户编号,人编号,姓名,证件号码,与户主关系,户类型,监测对象类别,识别时间,风险是否已消除,村",
     "poverty",
     "household_number person_number name id_number relation kind watch_kind from risk_removed "
     "village"},
    {"导出数据.csv", NULL,
     "序号,县(市、区、旗),乡(镇),行政村,自然村,户编号,人编号,姓名,证件号码,人数,与户主关系,民族,"
     "文化程度,在校生状况,健康状况,劳动技能,务工时间(月),致贫原因1,危房户,人均纯收入,户联系电话,"
     "首次识别时间",
     "poverty",
     "# county township village group household_number person_number name id_number members_count "
     "relation nation education education_status health labour work_months cause housing income "
     "phone from"},
    {"建档立卡户子女.csv", NULL, "乡镇,村,户主姓名,学生姓名,身份证号,学校,年级,脱贫年度", "poverty",
     "township village head_name name id_number school_name grade removed_on"},
    {"监测对象.csv", NULL, "姓名,身份证号,监测类别", "poverty", "name id_number watch_kind"},
    /* 低保, 特困 */
    {"低保.csv", NULL,
     "区县,乡镇,村(社区),户主姓名,户主身份证号,家庭成员姓名,身份证号,与户主关系,保障类别,保障人口,"
     "月保障金额,开始享受时间,银行账号",
     "dibao",
     "county township village head_name head_id name id_number relation kind covered amount from "
     "account"},
    {"2020年10月.csv", "农村低保发放花名册", "村,户主,身份证号,家庭成员,身份证号,关系,类别,金额",
     "dibao", "village head_name head_id name id_number relation kind amount"},
    {"民政.csv", "城乡最低生活保障对象", "保障对象姓名,身份证号码,性别,城乡,低保类别,享受时间",
     "dibao", "name id_number sex town_rural kind from"},
    {"低保户.csv", NULL, "申请人,申请人身份证号,成员姓名,成员身份证号,与申请人关系,低保证号",
     "dibao", "head_name head_id name id_number relation household_number"},
    {"特困.csv", NULL, "姓名,身份证号,供养方式,生活自理能力,开始享受时间", "destitute",
     "name id_number support self_care from"},
    {"五保.csv", NULL, "姓名,性别,身份证号码,集中/分散,敬老院,月供养金", "destitute",
     "name sex id_number support home amount"},
    {"民政局.csv", "特困人员救助供养花名册", "供养对象姓名,身份证号,乡镇,村,照料人", "destitute",
     "name id_number township village carer"},
    /* 孤儿 */
    {"孤儿.csv", NULL, "姓名,身份证号,类型,养育方式,监护人,关系", "orphans",
     "name id_number kind care guardian_name guardian_relation"},
    {"事实无人抚养.csv", NULL,
     "儿童姓名,性别,身份证号,父亲情况,母亲情况,监护人姓名,监护人身份证号,月标准", "orphans",
     "name sex id_number father_state mother_state guardian_name guardian_id amount"},
    {"福利.csv", "散居孤儿基本生活费发放表", "姓名,身份证号码,抚养人,与抚养人关系,发放金额,卡号",
     "orphans", "name id_number guardian_name guardian_relation amount account"},
    /* 残疾 */
    {"残联.csv", NULL, "姓名,残疾人证号,残疾类别,残疾等级,发证日期", "disabled",
     "name certificate_number disability_kind disability_grade issued_on"},
    {"持证残疾人.csv", NULL, "残疾人姓名,性别,身份证号,残疾证号,类别,等级,证件状态,监护人,联系电话",
     "disabled",
     "name sex id_number certificate_number disability_kind disability_grade status guardian_name "
     "phone"},
    /* 认定 */
    {"认定.csv", NULL, "姓名,学籍号,学校,认定学年,困难档次,认定依据", "recognitions",
     "name student_number school_name academic_year level basis"},
    {"困难学生.csv", NULL, "学校,年级,班级,学生姓名,身份证号,困难类型,认定原因,家庭人口,家庭年收入",
     "recognitions", "school_name grade class name id_number level basis family_size income"},
    {"资助.csv", "2020-2021学年家庭经济困难学生认定汇总表",
     "学段,学校,姓名,身份证件号,认定等级,户主", "recognitions",
     "stage school_name name id_number level head_name"},
    /* 资助发放 */
    {"发放.csv", NULL, "学生姓名,学籍号,资助项目,学年学期,金额,发放日期,银行流水", "awards_paid",
     "name student_number scheme period amount paid_on bank_serial"},
    {"export.csv", NULL,
     "学生姓名,学籍号,证件类型,证件号码,性别,出生日期,年级,申请理由名称,年份,月份,申请理由描述,"
     "应发金额,专业,是否民族地区就学,是否戏曲表演专业",
     "awards_paid",
     "name student_number id_kind id_number sex birth_date grade reason paid_year paid_month - "
     "amount_due major in_minority_area is_opera"},
    {"1.csv", "会宁县2020年秋季学期义务教育家庭经济困难寄宿生生活补助发放花名册",
     "序号,学校,年级,班级,姓名,身份证号,家长姓名,补助金额,银行卡号,户名,备注", "awards_paid",
     "# school_name grade class name id_number guardian_name amount account payee_name remark"},
    {"资助名单.csv", NULL,
     "学校名称,姓名,身份证件号,资助项目,资助档次,资助标准,实发金额,发放日期,开户银行,银行卡号,"
     "户名（监护人）,备注",
     "awards_paid",
     "school_name name id_number scheme tier standard amount paid_on bank account payee_name "
     "remark"},
    {"补助.csv", NULL, "姓名,身份证号,学年,学期,补助项目,应发金额,实发金额,打卡日期", "awards_paid",
     "name id_number academic_year period scheme amount_due amount paid_on"},
    {"助学金.csv", "2020-2021学年第一学期普通高中国家助学金发放名单",
     "序号,班级,学生姓名,学籍号,困难类型,金额（元）,社保卡号", "awards_paid",
     "# class name student_number reason amount account"},
    {"雨露计划.csv", "雨露计划补助发放明细",
     "县区,乡镇,村,户主姓名,学生姓名,身份证号,就读学校,专业,金额", "awards_paid",
     "county township village head_name name id_number school_name major amount"},
    {"受助学生.csv", NULL, "姓名,身份证号,学校,资助项目,金额", "awards_paid",
     "name id_number school_name scheme amount"},
    {"发放名单.csv", NULL,
     "学生姓名,身份证号,学校,补助金额,发放时间,监护人姓名,监护人身份证号,监护人银行卡号,"
     "监护人开户行",
     "awards_paid",
     "name id_number school_name amount paid_on guardian_name guardian_id account bank"},
    {"awards.csv", NULL, "Student name,ID number,School,Scheme,Term,Amount,Paid on", "awards_paid",
     "name id_number school_name scheme period amount paid_on"},
    /* with columns that are also a recognition's */
    {"发放花名册.csv", NULL, "姓名,学籍号,学校,年级,学年学期,困难类型,资助项目,实发金额,发放时间",
     "awards_paid", "name student_number school_name grade period reason scheme amount paid_on"},
    {"认定.csv", "2020-2021学年家庭经济困难学生认定名单",
     "姓名,学籍号,学校,学年学期,困难类型,认定原因,资助档次", "recognitions",
     "name student_number school_name academic_year level basis -"},
    {"低保.csv", "农村低保发放花名册", "户主,姓名,身份证号,低保类别,发放金额,银行账号", "dibao",
     "head_name name id_number kind amount account"},
    {"孤儿.csv", "孤儿基本生活费发放表", "姓名,身份证号,养育方式,发放金额,银行账号", "orphans",
     "name id_number care amount account"},
    /* 社保卡 */
    {"账户.csv", NULL, "姓名,身份证号,开户银行,卡号,户名,与学生关系", "accounts",
     "name id_number bank account payee_name payee_relation"},
    {"社保卡采集.csv", NULL,
     "学校,年级,班级,学生姓名,身份证号,社会保障卡号,持卡人姓名,持卡人身份证号", "accounts",
     "school_name grade class name id_number account payee_name payee_id"},
    /* 学校, 村 */
    {"学校.csv", NULL, "学校名称,学校标识码,办学类型,所在乡镇,城乡,举办者,学生数,教师数", "schools",
     "school_name school_code kind township town_rural sponsor students teachers"},
    {"学校一览表.csv", NULL, "序号,学校,代码,性质,地址,校长,联系电话,班级数,在校生数", "schools",
     "# school_name - - address head phone classes students"},
    {"村.csv", NULL, "行政村,区划代码,是否贫困村,退出年份,人口,学前适龄幼儿数,幼儿园", "villages",
     "village area_code poor_village exit_year population preschool_children kindergarten"},
    {"行政村名录.csv", NULL, "县区,乡镇,村名称,村代码,户数,人口数", "villages",
     "county township village area_code households population"},
    {"贫困村.csv", NULL,
     "乡镇,行政村,区划代码,是否贫困村,退出日期,义务教育有保障,核定日期,有无办园需求,有无本村幼儿园,"
     "共用村,距离（公里）",
     "villages",
     "township village area_code poor_village exited_on education_assured assured_on "
     "needs_kindergarten has_kindergarten shared_with shared_distance"},
    /* 办学条件, 底线, 项目, 督导 */
    {"办学条件.csv", NULL,
     "学校,年度,教学及辅助用房面积,体育运动场馆面积,教学仪器设备值,计算机台数,图书册数,"
     "专任教师数,高于规定学历教师数,中级及以上职务教师数,骨干教师数,体育艺术专任教师数,"
     "网络多媒体教室数",
     "conditions",
     "school_name year teaching_area sports_area equipment_value computers books teachers "
     "teachers_above teachers_middle key_teachers sport_art_teachers media_rooms"},
    {"1.csv", "会宁县2019年义务教育学校办学条件统计表",
     "序号,学校名称,学校标识码,小学学生数,初中学生数,图书,计算机,多媒体教室", "conditions",
     "# school_name school_code primary_students junior_students books computers media_rooms"},
    {"底线.csv", "全面改薄20条底线要求核查表", "学校,条目,是否达标,佐证材料,核查日期", "baseline",
     "school_name item met evidence checked_on"},
    {"项目.csv", NULL,
     "项目名称,类别,学校,计划投资（万元）,到位资金（万元）,完成投资（万元）,开工,竣工,资金文号",
     "projects", "project_name kind school_name planned allotted paid started finished document"},
    {"台账.csv", "会宁县行政村幼儿园建设项目台账",
     "序号,项目编号,项目名称,乡镇,村,建设内容,总投资,下达资金,支付资金,形象进度", "projects",
     "# project_number project_name township village content planned allotted paid status"},
    {"验收.csv", "义务教育均衡发展督导评估认定情况",
     "县区,评估类别,验收级别,是否通过,通过日期,文号", "inspections",
     "county kind level passed passed_on document"},
    /* 教师 */
    {"教师.csv", NULL,
     "姓名,身份证号,学校,学段,任教学科,学历,职称,来源,聘用日期,服务期,乡村补助档次", "teachers",
     "name id_number school_name stage subject education title source hired_on service_years "
     "rural_tier"},
    {"花名册.csv", "会宁县2020年教职工花名册",
     "序号,单位,姓名,性别,民族,出生年月,身份证号码,参加工作时间,学历,职称,任教学科,备注",
     "teachers",
     "# school_name name sex nation birth_date id_number hired_on education title subject remark"},
    {"培训.csv", NULL, "姓名,身份证号,培训项目,级别,起止日期,学时", "trainings",
     "name id_number project level from hours"},
    {"2019.csv", "白银市2019年教师培训台账", "县区,学校,学员姓名,培训班名称,培训级别,培训天数,学时",
     "trainings", "county school_name name project level days hours"},
    {"轮岗.csv", NULL, "姓名,身份证号,派出学校,接收学校,起止日期,是否骨干", "rotations",
     "name id_number from_school to_school from key_teacher"},
    {"x.csv", "2019-2020学年校长教师交流轮岗花名册",
     "序号,县区,姓名,原任教学校,现任教学校,学科,交流时间,是否县域内", "rotations",
     "# county name from_school to_school subject from within_county"},
    {"岗位.csv", NULL, "学校,学段,学科,岗位数,年度", "postings",
     "school_name stage subject posts year"},
    {"特岗.csv", "2018年特岗教师招聘岗位及录用情况",
     "岗位代码,设岗县区,设岗学校,岗位学科,录用人员,身份证号,招聘结果", "postings",
     "post_number county school_name subject name id_number status"},
    {"乡村教师.csv", "靖远县2019年乡村教师生活补助发放花名册",
     "序号,学校,姓名,身份证号,补助档次,月标准,月数,发放金额,卡号", "rural_allowances",
     "# school_name name id_number tier standard months amount account"},
    {"1.csv", "白银市2018年秋季学期学生资助发放汇总表",
     "序号,县区,学校名称,学校标识码,资助项目,受助人次,发放金额（元）", "aid_totals",
     "# county school_name school_code scheme persons amount"},
    /* 协作 */
    {"协议.csv", NULL, "协议编号,甲方学校,乙方学校,签订日期,期限,覆盖学校", "agreements",
     "agreement_number partner_school school_name signed_on from covered"},
    {"覆盖学校名单.csv", NULL, "协议编号,覆盖学校,学校标识码,县区", "agreement_schools",
     "agreement_number school_name school_code county"},
    {"选派.csv", NULL, "姓名,单位,方向,起止日期,内容", "exchanges",
     "name school_name direction from content"},
    {"赴津.csv", "东西部扶贫协作选派人员名册",
     "序号,姓名,性别,工作单位,人员类别,选派方向,学习地点,天数", "exchanges",
     "# name sex school_name role direction place days"},
    /* 考生, 录取 */
    {"考生.csv", NULL, "考生号,姓名,身份证号,户籍地,毕业学校,科类,总分,语文,数学,外语",
     "candidates",
     "exam_number name id_number origin_address school_name track total chinese mathematics "
     "foreign"},
    {"录取.csv", NULL, "考生号,姓名,计划类别,批次,录取院校,专业,年度", "admissions",
     "exam_number name plan admission_batch institution major year"},
    {"2019.csv", "会宁县2019年专项计划录取名单", "序号,考生号,考生姓名,专项类别,录取学校,录取专业",
     "admissions", "# exam_number name plan institution major"},
    /* whose number is it */
    {"户籍.csv", NULL, "姓名,身份证号,户主,身份证号,关系,住址", "population",
     "name id_number head_name head_id relation address"},
    {"户籍.csv", NULL, "户主,身份证号,姓名,身份证号,关系", "population",
     "head_name head_id name id_number relation"},
    {"在校学生.csv", NULL, "姓名,监护人,身份证号,年级", "attending",
     "name guardian_name id_number grade"},
    {"在校学生.csv", NULL, "姓名,身份证号,监护人,身份证号,班主任,联系电话", "attending",
     "name id_number guardian_name guardian_id head_teacher phone"},
    {"在校学生.csv", NULL, "姓名（学生）,身份证号（学生）,姓名（家长）,身份证号（家长）,班级",
     "attending", "name id_number guardian_name guardian_id class"},
    {"学生花名册.csv", "在校学生", "姓名,身份证号,父亲姓名,父亲身份证号,母亲姓名,母亲身份证号,班级",
     "attending", "name id_number guardian_name guardian_id guardian2_name guardian2_id class"},
    {"低保.csv", NULL,
     "户主姓名,户主身份证号,家庭成员1姓名,家庭成员1身份证号,家庭成员2姓名,家庭成员2身份证号,"
     "低保类别",
     "dibao", "name id_number members members members members kind"},
    {"随迁.csv", "流动人口登记", "姓名,身份证号,户籍地址,租住地址,子女姓名,子女身份证号",
     "residents", "name id_number origin_address address companions companions"},
    {"在校学生.csv", NULL, "儿童姓名,儿童监护人姓名,父亲或监护人身份证号,年级", "attending",
     "name guardian_name guardian_id grade"},
    {"在校学生.csv", NULL, "學生姓名,身份證號碼,學校名稱,年級", "attending",
     "name id_number school_name grade"},
    {"学生.csv", NULL, "学校,姓名,学籍号,年级,是否辍学,缺勤天数", "attending",
     "school_name name student_number grade status absent_days"},
    {"户籍.csv", NULL, "姓名,公民身份号码,住址,与户主关系,迁出日期,迁往地", "population",
     "name id_number address relation status status"},
    {"在校学生.csv", NULL, "姓名,身份证号,班级,姓名,身份证号", "attending",
     "name id_number class guardian_name guardian_id"},
    {"花名册.csv", NULL, "姓名,身份证号,学校,年级,班级", "attending",
     "name id_number school_name grade class"},
    {"填报.csv", "填报单位：会宁县教育局,填报时间：2020年9月", "姓名,身份证号,就读学校,未就学原因",
     "door_survey", "name id_number school_name reason"},
    {"在外.csv", "外出务工人员随迁子女在外就读情况统计表",
     "村,家长姓名,子女姓名,子女性别,子女身份证号,子女就读学校,子女就读年级,联系方式", "elsewhere",
     "village guardian_name name sex id_number school_name grade phone"},
    {"常住人口.csv", NULL, "户号,户主,与户主关系,姓名,性别,出生日期,身份证号,户籍地详址,现住地详址",
     "residents",
     "household_number head_name relation name sex birth_date id_number origin_address address"},
    /* columns without a heading, or with one that nobody knows */
    {"在校学生.csv", NULL, "姓名,,年级,班级", "attending", "name id_number grade class"},
    {"学籍信息.csv", NULL, "姓名,国网号,公安号,学校", "roll",
     "name student_number id_number school_name"},
    {"送教上门学生.csv", NULL, "学生,号码,学校", "homebound", "name id_number school_name"},
};

static const char *const names[] = {"王小明", "李梓涵", "张建国", "陈雨欣", "杨子轩", "赵婷婷"};

static void put_id(struct text *out, int year, size_t row, size_t column)
{
    char number[19];
    snprintf(number, sizeof number, "620422%04d%02d%02d%03d", year, (int)(row % 12) + 1,
             (int)(column % 28) + 1, (int)(900 + row * 7 % 90));
    number[17] = id_number_check(number);
    number[18] = '\0';
    text_add_c(out, number);
}

/* A cell such as the field would hold. */
static void put_cell(struct text *out, bool graduates, struct str field, size_t row, size_t column)
{
    static const struct {
        const char *field, *first, *second;
    } cells[] = {
        {"sex", "男", "女"},
        {"nation", "汉族", "回族"},
        {"birth_date", "2012-03-05", "2013-09-11"},
        {"school_name", "红堡子小学", "郭城驿小学"},
        {"school_code", "2162000123", "2162000124"},
        {"grade", "三年级", "四年级"},
        {"class", "1班", "2班"},
        {"phone", "13800000000", "13900000001"},
        {"address", "会宁县郭城驿镇红堡子村", "会宁县郭城驿镇新堡子村"},
        {"origin_address", "会宁县郭城驿镇红堡子村", "会宁县郭城驿镇新堡子村"},
        {"county", "会宁县", "靖远县"},
        {"township", "郭城驿镇", "北湾镇"},
        {"village", "红堡子村", "新堡子村"},
        {"area_code", "620422101200", "620422101201"},
        {"from", "2020-09-01", "2019-09-01"},
        {"to", "2020-07-01", "2021-07-01"},
        {"visited_on", "2020-08-20", "2020-08-21"},
        {"day_stated", "2020-09-15", "2020-09-15"},
        {"relation", "之子", "之女"},
        {"guardian_relation", "父子", "父女"},
        {"absent_days", "0", "3"},
        {"amount", "300", "420"},
        {"#", "1", "2"},
        {"stage", "小学", "初中"},
        {"issued_on", "2018-01-02", "2019-03-04"},
        {"paid_on", "2020-11-20", "2020-12-10"},
        {"scheme", "寄宿生生活补助", "普高助学金"},
        {"period", "2020年秋季学期", "2021年春季学期"},
        {"academic_year", "2020-2021", "2019-2020"},
        {"paid_year", "2020", "2021"},
        {"paid_month", "9", "3"},
        {"account", "6217852000012345678", "6217852000012345686"},
        {"bank_serial", "20201120000123456", "20201120000123457"},
        {"amount_due", "500", "625"},
        {"cancelled_on", "2018-01-02", "2019-03-04"},
        {"exit_year", "2018", "2019"},
        {"companions", "张三(2012-03-05)、李四", "王五"},
        {"members", "王小明", "李小红"},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (!str_is(field, cells[i].field)) continue;
        text_add_c(out, row % 2 == 0 ? cells[i].first : cells[i].second);
        return;
    }
    if (str_is(field, "certificate_number") && graduates) {
        text_add_f(out, "毕字第%zu号", row + 100);
    } else if (str_is(field, "id_number") || str_is(field, "certificate_number")) {
        put_id(out, 2010 + (int)(row % 3), row, column);
    } else if (str_is(field, "student_number")) {
        text_add_c(out, "G");
        put_id(out, 2011, row, column);
    } else if (str_ends(field, STR("_id"))) {
        put_id(out, 1985, row, column);
    } else if (str_is(field, "name") || str_ends(field, STR("_name"))) {
        text_add_c(out, names[(row + column) % 6]);
    } else {
        text_add_c(out, "");
    }
}

static void write_case(struct text *out, const struct table_case *at)
{
    if (at->title != NULL) text_add_f(out, "%s\n", at->title);
    text_add_f(out, "%s\n", at->headings);
    for (size_t row = 0; row < 6; row++) {
        struct str rest = str_from(at->fields), field;
        for (size_t column = 0; str_split(&rest, ' ', &field); column++) {
            if (column > 0) text_add_c(out, ",");
            put_cell(out, strcmp(at->expected, "graduates") == 0, field, row, column);
        }
        text_add_c(out, "\n");
    }
}

static void plan_text(struct text *out, const struct sheet_plan *plan)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        int field = plan->fields[i];
        if (i > 0) text_add_c(out, " ");
        if (field >= 0)
            text_add(out, plan->profile->fields[field].key);
        else
            text_add_c(out, field == -2 ? "#" : "-");
    }
}

static bool run_case(struct arena *arena, const struct profiles *profiles, const char *folder,
                     const struct table_case *at)
{
    struct text content, path, found;
    text_init(&content, arena, 1 << 16);
    text_init(&path, arena, 512);
    text_init(&found, arena, 4096);
    write_case(&content, at);
    text_add_f(&path, "%s/%s", folder, at->file);
    assert_true(file_write(path.ptr, text_str(&content), 0644, NULL));
    struct intake_file file;
    struct intake_options options = {.at = DAY_NONE};
    struct err err = ERR_INIT;
    bool opened = intake_open(&file, arena, path.ptr, profiles, &options, &err);
    assert_int_equal(unlink(path.ptr), 0);
    if (!opened) {
        fprintf(stderr, "%s [%s]: %s\n", at->file, at->headings, err.zh);
        return false;
    }
    plan_text(&found, &file.plans[0]);
    bool good = str_is(file.profile->key, at->expected) && strcmp(found.ptr, at->fields) == 0;
    if (!good) {
        fprintf(stderr, "%s [%s]\n  is  %.*s: %s\n  not %s: %s\n", at->file, at->headings,
                STR_ARG(file.profile->key), found.ptr, at->expected, at->fields);
    }
    intake_close(&file);
    return good;
}

static void test_headings(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    char folder[] = "/tmp/recognise_test_XXXXXX";
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    assert_non_null(mkdtemp(folder));
    int wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wrong += !run_case(&arena, &profiles, folder, &cases[i]);
    }
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
