package pdf

import (
	"errors"
	"fmt"
	"time"
)

// ErrInput says that a paper cannot be written from what was given; the error
// around it names the field.
var ErrInput = errors.New("pdf: invalid input")

// producer is named in the properties of every document.
const producer = "Lộ Trình"

// The words printed by the package itself. Those of administrative documents
// are prescribed by Decree 30/2020/NĐ-CP, appendix I.
const (
	wordNation     = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	wordMotto      = "Độc lập - Tự do - Hạnh phúc"
	wordNumber     = "Số:"
	wordAbout      = "V/v"
	wordTo         = "Kính gửi:"
	wordRecipients = "Nơi nhận:"
	wordArticle    = "Điều"
	wordAppendix   = "Phụ lục"

	wordCertificate = "GIẤY CHỨNG NHẬN"
	wordCertifies   = "Chứng nhận"
	wordBorn        = "Ngày sinh:"
	wordUnit        = "Đơn vị:"
	wordCompleted   = "Đã hoàn thành khóa bồi dưỡng"
	wordDuration    = "Thời lượng:"
	wordGrade       = "Xếp loại:"
	wordSerial      = "Số hiệu:"
	wordRegister    = "Số vào sổ:"
	wordCheck       = "Quét mã QR hoặc mở địa chỉ dưới đây để kiểm tra:"

	wordSlip     = "PHIẾU CẤP TÀI KHOẢN"
	wordAccount  = "Tài khoản"
	wordCode     = "Mã đăng nhập một lần"
	wordAddress  = "Địa chỉ"
	wordExpires  = "Hạn dùng đến"
	wordSlipScan = "1. Quét mã QR hoặc mở địa chỉ trên; nhập tài khoản và mã đăng nhập một lần."
	wordSlipOpen = "1. Mở địa chỉ trên; nhập tài khoản và mã đăng nhập một lần."
	wordSlipThen = "2. Đặt mật khẩu riêng ngay lần đầu. Mã chỉ dùng một lần, không đưa cho người khác."

	wordRoll        = "PHIẾU ĐIỂM DANH"
	wordSheetCode   = "Mã phiếu"
	wordClass       = "Lớp:"
	wordSession     = "Buổi học:"
	wordTime        = "Thời gian:"
	wordRoom        = "Phòng:"
	wordLecturer    = "Giảng viên:"
	wordOrdinal     = "STT"
	wordFullName    = "Họ và tên"
	wordSignature   = "Ký tên"
	wordNote        = "Ghi chú"
	wordManager     = "QUẢN LÝ LỚP"
	wordSignHere    = "(Ký, ghi rõ họ tên)"
	wordRollTotal   = "Tổng số trong danh sách: %d"
	wordRollPresent = "Có mặt: ........   Đi muộn: ........   Vắng có phép: ........   Vắng không phép: ........   Dự thay: ........"

	wordPage   = "Trang %d/%d"
	wordPeriod = "Kỳ báo cáo:"
	wordSource = "Nguồn:"
)

// longDate is a date as Decree 30/2020 writes it: days below 10 and the months
// 1 and 2 get a leading zero. Without a date, room is left to write one in.
func longDate(place string, t time.Time) string {
	prefix := ""
	if place != "" {
		prefix = place + ", "
	}
	if t.IsZero() {
		return prefix + "ngày" + blankFor(2) + "tháng" + blankFor(2) + "năm" + blankFor(3)
	}
	month := fmt.Sprint(int(t.Month()))
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("%sngày %02d tháng %s năm %d", prefix, t.Day(), month, t.Year())
}

// blankFor is room to write n figures by hand.
func blankFor(n int) string {
	out := make([]rune, 0, 2*n+2)
	for range 2*n + 2 {
		out = append(out, nbsp)
	}
	return string(out)
}

// shortDate is dd/mm/yyyy, as everywhere on screens and in tables.
func shortDate(t time.Time) string { return t.Format("02/01/2006") }

// span of days, both included; empty without a first day.
func dateRange(from, to time.Time) string {
	switch {
	case from.IsZero():
		return ""
	case to.IsZero() || shortDate(to) == shortDate(from):
		return "ngày " + shortDate(from)
	}
	return "từ ngày " + shortDate(from) + " đến ngày " + shortDate(to)
}
