"""The words that offices put into headers, titles and notes."""

from __future__ import annotations

HEADERS = {
    "tips": (
        "Số nguồn tin",
        "Nguồn tin tiếp nhận",
        "Nguồn tin ND cung cấp",
        "Nguồn tin do quần chúng nhân dân cung cấp",
        "Tin báo của nhân dân",
        "Tổng số tin",
        "Tips",
    ),
    "valuable_tips": ("Tin có giá trị", "Nguồn tin có giá trị", "Số nguồn tin có giá trị"),
    "sessions": ("Số buổi", "Số buổi tuyên truyền", "Buổi tuyên truyền PBGDPL"),
    "attendances": ("Lượt người", "Lượt người dự", "Tổng số lượt người tham gia"),
    "resolved_cases": (
        "Vụ việc đã giải quyết",
        "Vụ việc được giải quyết",
        "Số vụ việc giải quyết",
        "Tổng số vụ việc được giải quyết nhờ nguồn tin",
    ),
}
GROUPS = {  # two measures under one merged header
    "tips": ("Nguồn tin", "Tổng số"),
    "valuable_tips": ("Nguồn tin", "Trong đó: có giá trị"),
    "sessions": ("Tuyên truyền PBGDPL", "Số buổi"),
    "attendances": ("Tuyên truyền PBGDPL", "Lượt người"),
}
UNITS = {
    "sessions": ("buổi",),
    "attendances": ("lượt", "lượt người"),
    "tips": ("tin",),
    "valuable_tips": ("tin",),
    "resolved_cases": ("vụ", "vụ việc"),
}
COMMUNE = ("Xã, phường", "Đơn vị", "Tên xã/phường", "Địa bàn", "Commune")
NUMBER = ("STT", "TT", "Số TT")
NOTE = ("Ghi chú",)
NOTES = ("đã kiểm tra", "gửi muộn", "số liệu sơ bộ", "x")
UNKNOWN = ("Tình hình khác",)
UNKNOWN_CELLS = ("ổn định", "không", "bình thường", 3, 17)
FROM_TO = (("Từ ngày", "Đến ngày"), ("Ngày bắt đầu", "Ngày kết thúc"))
PERIOD = ("Kỳ báo cáo", "Thời gian", "Kỳ")
MEASURE = ("Nội dung", "Chỉ tiêu", "Nội dung báo cáo")
UNIT = ("Đơn vị tính", "ĐVT")
TOTALS = ("Tổng cộng", "Cộng", "TỔNG SỐ", "Toàn thành phố", "(Tổng số)")
CITY_BODIES = ("Công an thành phố", "Các đội nghiệp vụ", "Công an TP Yên Bái")
SECTIONS = {"ward": "Khối phường", "commune": "Khối xã"}
MISSING = ("", "…", "...", "đang cập nhật")
UNKNOWN_COMMUNES = ("Yên Thinhh", "Xã Không Có")

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
CITY_POLICE = "CÔNG AN THÀNH PHỐ YÊN BÁI"
PLACE_AND_DAY = "Yên Bái, ngày {day} tháng {month} năm {year}"
REPORT_NUMBER = "Số: {number}/BC-CAX"
TITLES = (
    "BÁO CÁO",
    "BIỂU TỔNG HỢP KẾT QUẢ",
    "Kết quả phong trào Toàn dân bảo vệ an ninh Tổ quốc",
    "BÁO CÁO KẾT QUẢ THỰC HIỆN PHONG TRÀO TOÀN DÂN BẢO VỆ ANTQ",
)
REMARKS = (
    "Ghi chú: số liệu tổng hợp từ báo cáo của các đơn vị.",
    "Ghi chú: Dấu (x) là đơn vị gửi muộn.",
    "* Số liệu tính đến ngày lập biểu.",
)
SIGNATURES = (
    ("NGƯỜI LẬP BIỂU", "TRƯỞNG CÔNG AN"),
    ("Người lập biểu", "THỦ TRƯỞNG ĐƠN VỊ"),
)
SIGNED = "(Ký, ghi rõ họ tên)"
RANKS = ("Thiếu tá ……", "Đại úy ……", "Trung tá ……………")

# Beside a measure, where {before} is the year before.
COMPARED = (
    "Cùng kỳ năm {before}",
    "Cùng kỳ",
    "Kỳ trước",
    "So với cùng kỳ (%)",
    "Tăng/giảm",
    "Tỷ lệ %",
    "Kế hoạch năm",
)
TO_DATE = ("Lũy kế từ đầu năm", "Lũy kế")
