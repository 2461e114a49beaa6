"""What offices call the columns that every list of assets has; the kinds' own are their data."""

from collections.abc import Mapping

# Better words first: the first column that has one of them is taken.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "source": ("台账来源", "source"),
    "number": ("设施编号", "编号", "编码", "代码", "井号", "number", "code", "id", "序号"),
    "name": ("设施名称", "名称", "name", "位置", "地点", "地址"),
    "owner_unit": ("权属单位", "产权单位", "管理单位", "管养单位", "责任单位", "业主",
                   "ownerunit", "owner"),
    "owner_phone": ("权属单位电话", "联系电话", "电话", "手机", "ownerphone", "phone", "tel"),
    "maintainer": ("养护单位", "维护单位", "管护单位", "维护人", "maintainer"),
    "rank": ("养护等级", "设施等级", "技术等级", "等级", "rank", "class"),
    "built_year": ("建成年份", "建设年份", "修建年份", "建成时间", "建成", "年份",
                   "builtyear", "built"),
    "district": ("所属区县", "所在区县", "区县", "所属街道", "所在街道", "街镇", "街道",
                 "district"),
    "type": ("设施类型", "设施类别", "设施种类", "资产类型", "类别", "type", "kind"),
}  # fmt: skip
