"""Readings that no dictionary ranks: of characters as surnames, of compound surnames, and of
characters in given names where the commonest reading of texts is not that of names."""

# A character's reading when it is a surname and differs from its commonest.
SURNAMES = dict(pair.split(":") for pair in """
单:shan 仇:qiu 曾:zeng 解:xie 区:ou 任:ren 查:zha 盖:ge 朴:piao 乐:yue 召:shao 重:chong 种:chong
翟:zhai 黑:he 缪:miao 哈:ha 纪:ji 那:na 宁:ning 宓:mi 祭:zhai 繁:po 员:yun 燕:yan 华:hua 秘:bi
覃:qin 折:she 洗:xian 冼:xian 车:che 谌:chen 薄:bo 卜:bu 晁:chao 句:gou 过:guo 隗:wei 郇:xun
郗:xi 逄:pang 佴:nai 殳:shu 乜:nie 葛:ge 牟:mu 能:nai 盛:sheng 石:shi 沈:shen 应:ying 臧:zang
幺:yao 尉:wei 角:jue 藏:zang 撒:sa 干:gan 仉:zhang 庹:tuo 厍:she 缑:gou 逯:lu 邸:di 瞿:qu 芮:rui
妫:gui 郄:qie 褚:chu 柏:bai 佘:she 晟:cheng 都:du 昝:zan 番:pan 炅:gui 眭:sui 相:xiang 强:qiang
钭:tou 阚:kan 麻:ma 万:wan 长:chang 令:ling 呼:hu 贾:jia 阿:a 於:yu 尹:yin 幸:xing 俞:yu 喻:yu
余:yu 洪:hong 兴:xing 行:xing 殷:yin 占:zhan 丁:ding 敦:dun 蒙:meng
合:he 塔:ta 曲:qu 奇:qi 谷:gu 叶:ye 佟:tong 黄:huang 夏:xia
朝:chao 和:he 空:kong 拓:ta 术:zhu 粘:nian
""".split())

COMPOUND_SURNAMES = dict(pair.split(":") for pair in """
欧阳:ou,yang 上官:shang,guan 司马:si,ma 司徒:si,tu 司空:si,kong 司寇:si,kou 诸葛:zhu,ge 夏侯:xia,hou
皇甫:huang,fu 尉迟:yu,chi 公孙:gong,sun 公羊:gong,yang 公冶:gong,ye 公良:gong,liang 公西:gong,xi
令狐:ling,hu 宇文:yu,wen 长孙:zhang,sun 慕容:mu,rong 鲜于:xian,yu 闾丘:lv,qiu 亓官:qi,guan
子车:zi,ju 颛孙:zhuan,sun 端木:duan,mu 巫马:wu,ma 漆雕:qi,diao 乐正:yue,zheng 壤驷:rang,si
拓跋:tuo,ba 夹谷:jia,gu 宰父:zai,fu 谷梁:gu,liang 段干:duan,gan 百里:bai,li 东郭:dong,guo
东方:dong,fang 东门:dong,men 南门:nan,men 南宫:nan,gong 呼延:hu,yan 羊舌:yang,she 微生:wei,sheng
梁丘:liang,qiu 左丘:zuo,qiu 西门:xi,men 第五:di,wu 澹台:tan,tai 濮阳:pu,yang 淳于:chun,yu
单于:chan,yu 太叔:tai,shu 申屠:shen,tu 仲孙:zhong,sun 轩辕:xuan,yuan 钟离:zhong,li 赫连:he,lian
万俟:mo,qi 闻人:wen,ren 独孤:du,gu 完颜:wan,yan 纳兰:na,lan 叶赫:ye,he 那拉:na,la 富察:fu,cha
哥舒:ge,shu 贺兰:he,lan 屈突:qu,tu 斛律:hu,lv 耶律:ye,lv 达奚:da,xi 尔朱:er,zhu 宗政:zong,zheng
公仪:gong,yi 南荣:nan,rong 东里:dong,li 仲长:zhong,chang 即墨:ji,mo 叔孙:shu,sun 季孙:ji,sun
王孙:wang,sun 士孙:shi,sun 子桑:zi,sang 吐谷:tu,yu 鲁步:lu,bu 钮祜:niu,hu 章佳:zhang,jia
佟佳:tong,jia 瓜尔:gua,er 西林:xi,lin 巴雅:ba,ya 阿史:a,shi 毌丘:guan,qiu 母丘:mu,qiu 胡母:hu,mu
綦毋:qi,wu 诸梁:zhu,liang 伯颜:bo,yan 褚师:chu,shi 相里:xiang,li
""".split())

# Readings in given names, most likely first, where texts prefer another.
NAME_READINGS = {character: tuple(readings.split(",")) for character, readings in (
    pair.split(":") for pair in """
曾:zeng,ceng 茜:qian,xi 长:chang,zhang 重:chong,zhong 晟:sheng,cheng 莘:shen,xin 珲:hun,hui
琛:chen 洋:yang 行:xing,hang 兴:xing 盛:sheng 朴:pu 柏:bai,bo 华:hua 藏:cang,zang 乐:le,yue
燕:yan 娜:na,nuo 婧:jing 昕:xin 翀:chong 旸:yang 琤:cheng 彧:yu 臻:zhen 祎:yi 赟:yun 骞:qian
朝:chao,zhao 还:huan,hai 降:xiang,jiang 好:hao 教:jiao 传:chuan,zhuan 宿:su 尽:jin 斌:bin 率:shuai
""".split())}
