package ui

import (
	"net/http"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

// showGuide answers GET /ui with every part, filled with examples.
func showGuide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if Of(ctx).Unit == "" {
		ctx = With(ctx, guideChrome())
	}
	return Show(w, r.WithContext(ctx), http.StatusOK, guidePage())
}

// showGuideWork answers with a Progress that is a tenth further every two seconds.
func showGuideWork(w http.ResponseWriter, r *http.Request) error {
	done := int64(clock.Now(r.Context()).Second()/2%10+1) * 1000
	p := Page{Title: Plain("Tiến độ"), Fragment: true,
		Body: Progress(Work{Text: Plain("Đang tạo giấy chứng nhận"), Done: done, Total: 10000, Page: "/ui/work"})}
	return Show(w, r, http.StatusOK, p)
}

func guidePage() Page {
	return Page{
		Title:   Plain("Bộ giao diện"),
		Lead:    Plain("Mọi thành phần của trang, mỗi thành phần kèm tên gọi trong mã nguồn."),
		Crumbs:  []Crumb{{Plain("Trang chủ"), "/"}, {Plain("Hệ thống"), "/ui"}},
		Actions: []Act{{Text: Plain("Xuất danh sách"), Icon: "download", Href: "/ui#bang"}, {Text: Plain("Mở lớp"), Kind: Primary, Icon: "plus", Href: "/ui#bieu-mau"}},
		Body:    guideBody(),
		Wide:    true,
	}
}

func guideChrome() Chrome {
	return Chrome{
		Unit: "Ủy ban nhân dân tỉnh Quảng Nam", User: "Nguyễn Thị Thu Hà", Role: "Cán bộ đào tạo, huyện Thăng Bình",
		Inbox: 3, Path: "/ui", Search: "/search",
		Banner: Plain("Dữ liệu trình diễn. Không dùng thông tin của người thật."),
		Footer: Footer{Unit: "Ủy ban nhân dân tỉnh Quảng Nam", Person: "Giám đốc Sở Thông tin và Truyền thông",
			Address: "62 Hùng Vương, thành phố Tam Kỳ, tỉnh Quảng Nam", Phone: "0235 3852 739", Email: "lotrinh@example.vn",
			SiteMap: "/site-map", Version: "0.1"},
		UserMenu: []Link{{Text: Plain("Hồ sơ của tôi"), Href: "/me", Icon: "person"}, {Text: Plain("Phiên đăng nhập"), Href: "/sessions", Icon: "shield"}},
		Menu: []Link{
			{Text: Plain("Trang chủ"), Href: "/", Icon: "home"}, {Text: Plain("Kế hoạch đào tạo"), Href: "/plans", Icon: "path"},
			{Text: Plain("Lớp và buổi học"), Href: "/classes", Icon: "class", Count: 4}, {Text: Plain("Khóa bồi dưỡng"), Href: "/courses", Icon: "book"},
			{Text: Plain("Giấy chứng nhận"), Href: "/certificates", Icon: "certificate"}, {Text: Plain("Kết quả"), Href: "/results", Icon: "chart"},
			{Text: Plain("Đơn vị, nhân sự"), Href: "/units", Icon: "people"}, {Text: Plain("Bộ giao diện"), Href: "/ui", Icon: "settings"},
		},
	}
}

func guideRefused() *errs.Error {
	return errs.New(errs.Invalid, "error.invalid").Field("phone", "error.exists").Field("opens", "error.unreadable")
}

var guideKinds = []Option{
	{Value: "", Text: Plain("Chọn một nhóm")},
	{Value: "cadre", Text: Plain("Cán bộ"), Group: Plain("Cấp xã")},
	{Value: "civil_servant", Text: Plain("Công chức"), Group: Plain("Cấp xã")},
	{Value: "public_employee", Text: Plain("Viên chức"), Group: Plain("Đơn vị sự nghiệp")},
	{Value: "worker", Text: Plain("Người lao động"), Group: Plain("Đơn vị sự nghiệp")},
}

var guideModes = []Option{
	{Value: "in_person", Text: Plain("Trực tiếp")},
	{Value: "online", Text: Plain("Trực tuyến"), Hint: Plain("Cần liên kết phòng họp.")},
	{Value: "hybrid", Text: Plain("Trực tiếp kết hợp trực tuyến")},
}

func guideSheet() Sheet {
	return Sheet{
		Caption: Plain("Lớp bồi dưỡng của các huyện, tháng 6/2022"), Cards: true, Path: "/ui", Query: map[string][]string{"sort": {"-done"}},
		Columns: []Column{{Text: Plain("Lớp"), Sort: "name"}, {Text: Plain("Đơn vị"), Sort: "unit"}, {Text: Plain("Khai giảng"), Sort: "opens"},
			{Text: Plain("Sĩ số thực tế"), Num: true, Sort: "size"}, {Text: Plain("Tỷ lệ hoàn thành"), Num: true, Sort: "done"}, {Text: Plain("Tình trạng")}},
	}
}

func guideRows() [][]Cell {
	row := func(name, unit, day string, size, num, den int64, tone Tone, state string) []Cell {
		return []Cell{{Text: name, Href: "/ui"}, {Text: unit}, {Text: day}, {Body: Figure(size, "/ui")}, {Body: Ratio(num, den, "/ui")}, {Body: Badge(tone, Plain(state))}}
	}
	return [][]Cell{
		row("Căn bản chuyển đổi số, đợt 1", "Huyện Thăng Bình", "06/06/2022", 41, 39, 41, Good, "Đã kết thúc"),
		row("Căn bản chuyển đổi số, đợt 2", "Thị xã Điện Bàn", "13/06/2022", 38, 31, 38, Info, "Đang học"),
		row("Chính quyền số ở cấp xã", "Huyện Phước Sơn", "20/06/2022", 27, 12, 40, Warn, "Lớp đang thưa"),
		row("Kinh tế số, xã hội số", "Huyện Nam Trà My", "27/06/2022", 0, 0, 0, Neutral, "Chưa mở"),
		row("An toàn thông tin", "Thành phố Tam Kỳ", "29/06/2022", 44, 8, 44, Bad, "Quá hạn điểm danh"),
	}
}

func guideBars() Chart {
	return Chart{Title: Plain("Tỷ lệ hoàn thành khóa bồi dưỡng"), Unit: Plain("người"),
		Labels: []string{"Thành phố Hội An", "Thành phố Tam Kỳ", "Huyện Thăng Bình", "Huyện Bắc Trà My", "Huyện Tây Giang"},
		Hrefs:  []string{"/ui", "/ui"}, Base: []int64{412, 530, 1204, 366, 240},
		Series: []Series{{Values: []int64{401, 488, 977, 201, 66}, Hrefs: []string{"/ui", "/ui", "/ui", "/ui", "/ui"}}}}
}

func guideStacks() Chart {
	return Chart{Title: Plain("Điểm danh theo buổi"), Unit: Plain("lượt"), Labels: []string{"Buổi 1", "Buổi 2", "Buổi 3", "Buổi 4"},
		Series: []Series{{Name: Plain("Có mặt"), Values: []int64{38, 36, 31, 35}}, {Name: Plain("Đi muộn"), Values: []int64{1, 2, 4, 0}},
			{Name: Plain("Vắng có phép"), Values: []int64{2, 2, 3, 4}}, {Name: Plain("Vắng không phép"), Values: []int64{0, 1, 3, 2}}}}
}

func guideLines() Chart {
	return Chart{Title: Plain("Người học theo tháng, năm 2022"), Unit: Plain("lượt"),
		Labels: []string{"05/2022", "06/2022", "07/2022", "08/2022", "09/2022", "10/2022", "11/2022", "12/2022"},
		Series: []Series{{Name: Plain("Đăng ký"), Values: []int64{310, 980, 1420, 1288, 1730, 2104, 1890, 1200}},
			{Name: Plain("Tham dự"), Values: []int64{290, 840, 1205, 1190, 1502, 1998, 1610, 1130}}}}
}

func guideSmall() Chart {
	c := Chart{Title: Plain("Lượt tham dự theo huyện"), Unit: Plain("lượt"), Labels: []string{"05/2022", "06/2022", "07/2022", "08/2022"}}
	for i, name := range []string{"Đại Lộc", "Duy Xuyên", "Quế Sơn", "Núi Thành", "Phú Ninh", "Tiên Phước"} {
		n := int64(i)
		c.Series = append(c.Series, Series{Name: Plain(name), Values: []int64{20 + 9*n, 60 - 4*n, 40 + 12*n, 90 - 7*n}, Hrefs: []string{"", "", "", "/ui"}})
	}
	return c
}

func guideMap() Atlas {
	p := func(label string, lat, lon float64, class int, size int64, value string) Place {
		return Place{Label: label, Lat: lat, Lon: lon, Class: class, Size: size, Value: value, Href: "/ui"}
	}
	return Atlas{Title: Plain("Tỷ lệ hoàn thành theo huyện"), Unit: Plain("người"),
		Classes: []i18n.Text{Plain("Chưa có số liệu"), Plain("Dưới 20 %"), Plain("20–40 %"), Plain("40–60 %"), Plain("60–80 %"), Plain("80–90 %"), Plain("Từ 90 %")},
		Islands: []Island{{ID: "hoang-sa", Label: "(thành phố Đà Nẵng)"}, {ID: "truong-sa", Label: "(tỉnh Khánh Hòa)"}},
		Places: []Place{
			p("Tam Kỳ", 15.57, 108.47, 6, 530, "92,1 % (488/530)"), p("Hội An", 15.88, 108.34, 6, 412, "97,3 % (401/412)"),
			p("Điện Bàn", 15.89, 108.21, 5, 800, "81,0 % (648/800)"), p("Thăng Bình", 15.73, 108.35, 5, 1204, "81,1 % (977/1.204)"),
			p("Phước Sơn", 15.44, 107.80, 2, 190, "30,0 % (57/190)"), p("Tây Giang", 15.90, 107.47, 2, 240, "27,5 % (66/240)"),
			p("Nam Trà My", 15.16, 108.11, 1, 200, "12,0 % (24/200)"), p("Núi Thành", 15.45, 108.62, 4, 700, "66,0 % (462/700)"),
			p("Đông Giang", 15.92, 107.80, 3, 260, "50,0 % (130/260)"), p("Hiệp Đức", 15.55, 108.09, 0, 0, ""),
		}}
}
