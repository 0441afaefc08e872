"""A text as the matcher reads it, character for character: offsets into it are offsets into the customer's words."""

from __future__ import annotations

import re
from typing import Final

# Traditional characters whose simplified form stands in the shipped keywords, synonyms or cues. Not a converter.
_TRADITIONAL: Final = (
    "丟並乾亂佈佔併來侷係俬倆倉個們倖側偵偽備傢傳傷僞價億儘償優儲兇兌兒內兩冊凈凍別則剋剎剛剮劃勁動務區協卹卻卽厤參員問啓啞啟喪喫單嗎嘔噁噓噴噸噹嚇嚮嚴國圓圖團埰執報場塊塗墻壓壞夠夢夾奬姦媽孫學寀寢實審寫寬"
    "寵寶將專對導層嵗師帶幣幫幹幾庫廠廢廣廳弔張強彆彔後徑從復徵恥悶惡惱愛態慮慾憂憑憤應懷戲戶捲掃掛採揀揚換損搶摺撥撫撲擊擔據擰擾攔攜攬敗數斷於旂昇時暈曆曏書會東査條棟業極榦構樂樓標樣機橫檔檢檯櫃權歲歷歸殘"
    "殺殻殼毀氣汙決沒沖洩涼淨減測渾湊準溫溼滅滯滲滾滿漬漲潰澱濕濟瀉瀏灑災為無煙煩熱燈燒燙營燬爛爭爲爺爾牆狀獎現瑣瑪環產産畝畫異畵當痠瘓療癟癥癱發盜盡監眞眾睏確碼礙禍禮稅稈種稱積穩窪筆箇範簡簽籤糰紀約紅紋納"
    "紙級紛紮細終結絕絡給統絲絶綁綑經綫維網綵緊緒線編緩練緻縣縫縮縴總繫繳繼續纍纔纖罵罷羣義習聞聯聲職聽聾脅脩脫脹腦腫腳膚膠臉臟臨臺與舉舊菸萬葯蒐蒼蓆蓋蔘藍藥處虛號虧螞蟲蟻蠅蠻衆衕衛衝裏補裝裡製複褲覈見規視"
    "親覽觀觸訂計訊討訓訕託記訟訪設許訴診註証詐評詞詢試話該詳誇認語誠誤說説誰調諉請論諮諷諸諾講謝謹證識譜譟譭議譴護讀變讓讚豈豐貓負財貨販責貴買貸費貼資賓賞賠賣質賬賭購贈贊趕跡踰蹟車軋軌軟軸較載輔輛輪輸轉轟"
    "辦農迴這連週進遊運過達違遙遜遞遲遷選遺還邊郵鄰醜醣醫醬釋針釦鈡鈴鉆銀銷銹鋪鋼錄錢錦錯録錶鍋鍍鍵鍼鍾鏈鏽鐘鐵鑑鑒鑽長門閃開間閤閱閲闆闇關陞陰陽隊際隨險隱隻雙雜雞離難電靈靚靜韆響頁頂須預頓領頭頻顆題額顏顔"
    "願類顧顯風颱颳飛養餓餘餬餿饋馬駁駡騎騙騷驗驛髒體髮鬆鬚鬨鬱魚鮮鳥鴿鷄鹹麥麪麫麵麼麽黃點黴齡齣"
)
_SIMPLIFIED: Final = (
    "丢并干乱布占并来局系私俩仓个们幸侧侦伪备家传伤伪价亿尽偿优储凶兑儿内两册净冻别则克刹刚剐划劲动务区协恤却即历参员问启哑启丧吃单吗呕恶嘘喷吨当吓向严国圆图团采执报场块涂墙压坏够梦夹奖奸妈孙学采寝实审写宽"
    "宠宝将专对导层岁师带币帮干几库厂废广厅吊张强别录后径从复征耻闷恶恼爱态虑欲忧凭愤应怀戏户卷扫挂采拣扬换损抢折拨抚扑击担据拧扰拦携揽败数断于旗升时晕历向书会东查条栋业极干构乐楼标样机横档检台柜权岁历归残"
    "杀壳壳毁气污决没冲泄凉净减测浑凑准温湿灭滞渗滚满渍涨溃淀湿济泻浏洒灾为无烟烦热灯烧烫营毁烂争为爷尔墙状奖现琐玛环产产亩画异画当酸痪疗瘪症瘫发盗尽监真众困确码碍祸礼税秆种称积稳洼笔个范简签签团纪约红纹纳"
    "纸级纷扎细终结绝络给统丝绝绑捆经线维网彩紧绪线编缓练致县缝缩纤总系缴继续累才纤骂罢群义习闻联声职听聋胁修脱胀脑肿脚肤胶脸脏临台与举旧烟万药搜苍席盖参蓝药处虚号亏蚂虫蚁蝇蛮众同卫冲里补装里制复裤核见规视"
    "亲览观触订计讯讨训讪托记讼访设许诉诊注证诈评词询试话该详夸认语诚误说说谁调诿请论咨讽诸诺讲谢谨证识谱噪毁议谴护读变让赞岂丰猫负财货贩责贵买贷费贴资宾赏赔卖质账赌购赠赞赶迹逾迹车轧轨软轴较载辅辆轮输转轰"
    "办农回这连周进游运过达违遥逊递迟迁选遗还边邮邻丑糖医酱释针扣钟铃钻银销锈铺钢录钱锦错录表锅镀键针钟链锈钟铁鉴鉴钻长门闪开间合阅阅板暗关升阴阳队际随险隐只双杂鸡离难电灵靓静千响页顶须预顿领头频颗题额颜颜"
    "愿类顾显风台刮飞养饿余糊馊馈马驳骂骑骗骚验驿脏体发松须哄郁鱼鲜鸟鸽鸡咸麦面面面么么黄点霉龄出"
)
_TABLE: Final[dict[str, str]] = {
    **dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
    **{chr(code): chr(code).lower() for code in range(ord("A"), ord("Z") + 1)},
    **{chr(code + 0xFEE0): chr(code).lower() for code in range(0x21, 0x7F) if chr(code).isalnum()},
    **{chr(code): " " for code in (*range(0x20), 0x7F, 0xA0, 0x3000, 0x200B, 0xFEFF) if chr(code) != "\n"},
    "!": "！",
    "?": "？",
    ";": "；",
    ",": "，",
    "\r": "\n",
}
_WIDE: Final = "\U00010000-\U0010ffff\ud800-\udfff"  # emoji and the like: of no use to words, and two places in UTF-16
_FOLDABLE: Final = re.compile(f"[{re.escape(''.join(each for each in _TABLE if each != ','))}{_WIDE}]|,(?!\\d)")


def fold(text: str) -> str:
    """Lower case, half width, simplified, Chinese punctuation, control characters as spaces, each character of sixteen
    bits; as long as before."""
    return _FOLDABLE.sub(lambda match: _TABLE.get(match[0], "\ufffd"), text)
