"""A word model of complaints: sentences of a trade's words, some of them common and most of them rare.

The words of each list are drawn by rank (the n-th as often as 1/n), as words in real texts are, so that a search
meets both the word in every tenth text and the word in one of ten thousand.
"""

import random
from collections.abc import Sequence
from itertools import accumulate

THINGS = (
    "手机 充电宝 热水器 空调 冰箱 洗衣机 电视机 路由器 宽带 净水器 油烟机 微波炉 电饭煲 吸尘器 扫地机器人 耳机 平板电脑 笔记本电脑 "
    "打印机 摄像头 电动车 头盔 儿童座椅 奶粉 面膜 羽绒服 运动鞋 床垫 沙发 衣柜 灯具 门锁 花洒 马桶盖 燃气灶 壁挂炉 行车记录仪 "
    "轮胎 保温杯 电热毯 加湿器 除湿机 投影仪 健身器材 血压计 血糖仪 制氧机 助听器 轮椅 按摩椅 鱼缸 宠物粮 茶叶 月饼 大闸蟹 榴莲"
).split()
FAULTS = (
    "不能用 坏了 发烫 漏水 有异味 开不了机 自动关机 充不进电 噪音很大 屏幕碎裂 信号很差 断断续续 少了配件 颜色不对 尺寸不符 "
    "掉漆 开裂 生锈 漏电 冒烟 起火 变形 松动 卡顿 死机 黑屏 闪退 不制冷 不制热 排不出水 打不着火 按键失灵 接触不良 过期 发霉 破损"
).split()
DEEDS = (
    "退款 换货 维修 退货 赔偿 上门检测 开发票 补发 取消订单 更换零件 解释清楚 重新安装 道歉 升级套餐 注销账号 恢复服务 降低费用 "
    "返还押金 撤销扣款 延长保修 书面答复 调取录音 核实监控 处理责任人 补偿积分 报销检测费"
).split()
PEOPLE = "客服 店员 维修师傅 快递员 安装人员 营业员 店长 经理 主管 销售 前台 话务员 片区负责人 收银员 外包人员 技术人员 客户经理 保安".split()
BEHAVIOURS = (
    "态度恶劣 一直推诿 不接电话 说没有办法 让我等通知 挂断我的电话 答应了又反悔 没有任何说法 互相推卸责任 语气很不耐烦 拒绝登记 "
    "要求我自己承担费用 迟迟没有回复 说系统有问题 说不归他管 当众羞辱我 泄露了我的信息 私下收取费用 强行让我签字 不出示工牌"
).split()
TIMES = "昨天 上周 前天 今天上午 今天下午 上个月 国庆期间 周末 上周三 半个月前 三天前 一个月前 去年年底 元旦 双十一 春节前 中秋节 晚上八点 凌晨".split()
PLACES = "门店 营业厅 网上商城 小程序 直播间 旗舰店 服务网点 维修中心 仓库 小区门口 商场专柜 电话里 手机应用 公众号 自提点 加盟店".split()
FEELINGS = (
    "我非常生气 实在不能接受 希望尽快解决 太让人失望了 请给一个说法 严重影响生活 家里有老人和小孩 再不处理就去投诉 已经忍了很久 "
    "我要求严肃处理 希望你们重视 以后不会再买 我会向消协反映 我会找媒体曝光 孩子因此受了伤 老人差点摔倒 耽误了工作"
).split()
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春燕梅鹏飞辉鑫波斌宇浩凯健俊帆雪倩婷雅琳琪欣怡佳慧颖蕾薇萍红云莲真环荣爱妹香月莺媛瑞凡嘉琼勤珍贞莉"
STREETS = "人民 解放 中山 建设 和平 长江 黄河 青年 文化 新华 胜利 光明 朝阳 东风 友谊 迎宾 滨河 学府 科技 创业 杏林 梧桐 桃源 凤凰 龙腾 翠微 望江 听涛 落霞 栖霞".split()
FORMS = (
    "{time}我在{place}买的{thing}{fault}，联系{person}，{behaviour}。",
    "我家的{thing}用了不到{count}天就{fault}，找{person}要求{deed}，对方{behaviour}。",
    "{person}{behaviour}，{feeling}。",
    "订单显示已签收，可是{thing}{fault}，申请{deed}已经{count}天了还没有结果。",
    "{time}到{street}路的{place}办理{deed}，排队{count}分钟，{person}{behaviour}。",
    "之前打过{count}次电话，{person}说会安排{deed}，到现在没有人联系我。",
    "要求{deed}，并由{person}当面说明{thing}为什么{fault}。",
    "接待我的是{name}，工号{code}，{behaviour}，{feeling}。",
    "型号是{model}，{time}收到货就{fault}，包装也有问题，要求{deed}。",
    "{feeling}，{feeling}。",
    "住在{street}路{count}号的邻居也遇到同样的问题，他家的{thing}也{fault}。",
    "合同里写明可以{deed}，{person}却{behaviour}，我保留了录音和截图。",
)
SHORTEST, LONGEST = 80, 400


class Words:
    """Draws texts, names and numbers; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # nothing is kept secret with it
        self._weights: dict[int, list[float]] = {}

    def one(self, words: Sequence[str]) -> str:
        """By rank: the first word of a list is the commonest."""
        if len(words) not in self._weights:
            self._weights[len(words)] = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
        return self.chance.choices(words, cum_weights=self._weights[len(words)])[0]

    def text(self) -> str:
        """80 to 400 characters, about 200 in the mean."""
        wanted = min(LONGEST - 40, max(SHORTEST, int(self.chance.lognormvariate(5.2, 0.4))))
        said = self._sentence()
        while len(said) < wanted:
            said += self._sentence()
        return said[:LONGEST]

    def _sentence(self) -> str:
        digits = self.chance.randrange
        return self.one(FORMS).format(
            time=self.one(TIMES), place=self.one(PLACES), thing=self.one(THINGS), fault=self.one(FAULTS),
            person=self.one(PEOPLE), behaviour=self.one(BEHAVIOURS), deed=self.one(DEEDS), feeling=self.one(FEELINGS),
            count=digits(2, 60), street=self.one(STREETS), name=self.name(), code=digits(1000, 9999),
            model=f"{self.chance.choice('ABCDEHKMQSTXZ')}{digits(10, 99)}{self.chance.choice('ABCPLS')}-{digits(100, 999)}",
        )  # fmt: skip

    def name(self) -> str:
        given = "".join(self.chance.choices(GIVEN, k=self.chance.choice((1, 2, 2, 2))))
        return self.one(SURNAMES) + given

    def phone(self) -> str:
        return f"1{self.chance.choice('3578')}{self.chance.randrange(10**9):09d}"

    def order_no(self) -> str:
        return f"E{self.chance.randrange(10**11):011d}"
