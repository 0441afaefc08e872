from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0009_red_area'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='area',
            field=models.CharField(choices=[('company', '公司与外观'), ('unit', '组织单位'), ('member', '成员'), ('category', '投诉类别'), ('elements', '受理要素'), ('promises', '时限政策'), ('days', '特殊日期'), ('duty', '值班'), ('routing', '派单规则'), ('mail', '邮件与渠道'), ('setup', '启用引导'), ('wording', '话术与用语'), ('letters', '信函与通知模板'), ('grading', '定级、同义词与选项'), ('library', '方法、案例'), ('privacy', '个人信息'), ('division', '职责分工与接口人'), ('tiers', '客户分级'), ('red', '红色通道'), ('reviews', '质检评审')], max_length=16, verbose_name='范围'),
        ),
    ]
