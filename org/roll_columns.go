package org

import (
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

// A roll (danh sách) is a table of people, a row each, as units keep and send it.

// rollColumn is a column of a roll: its key, whether a form for a new roll offers it,
// and the titles under which people know it, the usual one first.
type rollColumn struct {
	key     string
	offered bool
	format  sheet.Format
	width   float64
	titles  []string
}

var rollColumns = []rollColumn{
	{"name", true, sheet.Text, 28, []string{"Họ và tên", "Họ tên", "Họ, tên", "Họ tên cán bộ", "Họ và tên khai sinh", "Full name", "Name"}},
	{"family", false, sheet.Text, 0, []string{"Họ và tên đệm", "Họ và đệm", "Họ đệm", "Họ lót", "Họ và chữ đệm"}},
	{"given", false, sheet.Text, 0, []string{"Tên"}},
	{"birth", true, sheet.Date, 12, []string{"Ngày sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Sinh ngày", "Năm sinh", "Date of birth", "Birth date"}},
	{"male", false, sheet.Text, 0, []string{"Nam", "Ngày sinh Nam", "Năm sinh Nam", "Ngày, tháng, năm sinh Nam", "Giới tính Nam"}},
	{"female", false, sheet.Text, 0, []string{"Nữ", "Ngày sinh Nữ", "Năm sinh Nữ", "Ngày, tháng, năm sinh Nữ", "Giới tính Nữ"}},
	{"sex", true, sheet.Text, 10, []string{"Giới tính", "Sex", "Gender"}},
	{"number", true, sheet.Text, 18, []string{"Số định danh cá nhân", "Số CCCD", "CCCD", "Số căn cước", "Số căn cước công dân", "Căn cước công dân", "Số định danh",
		"Mã định danh cá nhân", "Số CMND/CCCD", "CMND/CCCD", "Số CMND", "Personal number"}},
	{"code", true, sheet.Text, 12, []string{"Mã đơn vị", "Mã ĐVHC", "Mã đơn vị hành chính", "Mã xã", "Unit code"}},
	{"unit", true, sheet.Text, 36, []string{"Đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị", "Cơ quan", "Cơ quan công tác", "Nơi công tác", "Tên đơn vị", "Unit"}},
	{"commune", false, sheet.Text, 0, []string{"Xã, phường, thị trấn", "Xã/phường", "Xã, phường", "Xã", "Phường", "Commune"}},
	{"district", false, sheet.Text, 0, []string{"Huyện, thị xã, thành phố", "Quận/huyện", "Huyện", "Quận, huyện", "District"}},
	{"province", false, sheet.Text, 0, []string{"Tỉnh, thành phố", "Tỉnh/thành phố", "Tỉnh", "Province"}},
	{"title", true, sheet.Text, 32, []string{"Chức vụ", "Chức danh", "Chức vụ, chức danh", "Chức vụ/vị trí việc làm", "Vị trí việc làm", "Post"}},
	{"category", true, sheet.Text, 22, []string{"Đối tượng", "Nhóm đối tượng", "Loại", "Cán bộ, công chức, viên chức", "Category"}},
	{"head", true, sheet.Text, 14, []string{"Người đứng đầu", "Là người đứng đầu", "Thủ trưởng", "Head"}},
	{"party_head", true, sheet.Text, 14, []string{"Đứng đầu cấp ủy", "Người đứng đầu cấp ủy", "Bí thư cấp ủy", "Party head"}},
	{"from", true, sheet.Date, 12, []string{"Từ ngày", "Ngày bắt đầu", "Ngày giữ chức vụ", "Ngày nhận chức vụ", "Ngày bổ nhiệm", "From"}},
	{"email", true, sheet.Text, 28, []string{"Thư điện tử", "Email", "E-mail", "Địa chỉ thư điện tử", "Hộp thư công vụ"}},
	{"phone", true, sheet.Text, 14, []string{"Điện thoại", "Số điện thoại", "SĐT", "Điện thoại di động", "Phone"}},
}

// readColumns is the columns as the reader of tables wants them. None is required
// by it: what a row lacks is told row by row, in words for that row.
func readColumns() []sheet.Column {
	all := make([]sheet.Column, len(rollColumns))
	for i, c := range rollColumns {
		all[i] = sheet.Column{Key: c.key, Aliases: c.titles}
	}
	return all
}

func columnTitle(key string) i18n.Text { return i18n.T("org.roll.column." + key) }

// categoryWords are the folded words for each category.
var categoryWords = foldedWords(map[string]Category{
	"Cán bộ": Cadre, "CB": Cadre,
	"Công chức": CivilServant, "CC": CivilServant,
	"Viên chức": PublicEmployee, "VC": PublicEmployee,
	"Người lao động": Worker, "NLĐ": Worker, "Lao động hợp đồng": Worker, "Hợp đồng": Worker, "Hợp đồng lao động": Worker,
	"Người hoạt động không chuyên trách": PartTimeWorker, "Không chuyên trách": PartTimeWorker, "HĐKCT": PartTimeWorker,
	"Cán bộ không chuyên trách":            PartTimeWorker,
	"Thành viên tổ công nghệ số cộng đồng": TeamMember, "Tổ công nghệ số cộng đồng": TeamMember, "Tổ CNSCĐ": TeamMember,
	"Người dân": Citizen, "Doanh nghiệp": Firm,
})

var sexWords = foldedWords(map[string]string{"Nam": Male, "Nữ": Female, "Male": Male, "Female": Female, "M": Male, "F": Female})

// yesWords tell a ticked cell from an empty one and from one that says no.
var yesWords = foldedWords(map[string]bool{
	"x": true, "có": true, "1": true, "đúng": true, "yes": true, "true": true, "✓": true, "✔": true,
	"không": false, "0": false, "no": false, "false": false, "-": false,
})

func foldedWords[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for word, v := range m {
		out[text.Fold(word)] = v
	}
	return out
}
