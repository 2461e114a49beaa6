"""What columns of a list of stores are called, and how long a cell may be."""

LONGEST_NAME = 120
LONGEST_PHONE = 22
SOURCE = "stores"
"""Whose numbers they are when nobody says: the same file again is the same stores."""

HEADINGS = {
    "number": ("编号", "仓库编号", "点位编号", "number", "id"),
    "name": ("名称", "仓库名称", "物资点", "物资点名称", "储备点", "仓库", "name", "store"),
    "address": ("地址", "位置", "存放地点", "详细地址", "address", "place"),
    "keeper": ("管理人", "保管员", "保管人", "联系人", "负责人", "keeper", "contact"),
    "keeper_phone": ("电话", "联系电话", "手机", "管理人电话", "phone", "keeperphone"),
    "district": ("区县", "district"),
    "material": ("物资", "物资名称", "品名", "物资品名", "装备名称", "material", "item"),
    "amount": ("数量", "库存", "库存数量", "amount", "quantity"),
    "unit": ("单位", "计量单位", "unit"),
    "longitude": ("经度", "longitude", "lon", "lng", "x"),
    "latitude": ("纬度", "latitude", "lat", "y"),
    "source": ("来源", "source"),
}  # fmt: skip
