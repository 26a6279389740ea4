package pdf

import (
	"fmt"
	"time"
)

// day is midnight in Việt Nam of a date.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.FixedZone("ICT", 7*3600))
}

// samplePlan is a plan as a province office writes it, over several pages.
func samplePlan() AdminDocument {
	return AdminDocument{
		ParentBody: "Ủy ban nhân dân tỉnh Quảng Nam", Body: "Sở Thông tin và Truyền thông",
		Number: "45", Symbol: "KH-STTTT", Place: "Quảng Nam", Date: day(2022, 5, 5),
		Kind: "Kế hoạch", Abstract: "Bồi dưỡng, tập huấn chuyển đổi số cho cán bộ, công chức, viên chức và tổ công nghệ số cộng đồng trên địa bàn tỉnh năm 2022",
		Bases: []string{
			"Căn cứ Nghị định số 171/2025/NĐ-CP quy định về đào tạo, bồi dưỡng công chức",
			"Căn cứ Kế hoạch của Ủy ban nhân dân tỉnh về chuyển đổi số năm 2022;",
			"Theo đề nghị của Trưởng phòng Công nghệ thông tin",
		},
		Blocks: []Block{
			Heading{Level: 1, Text: "MỤC ĐÍCH, YÊU CẦU"},
			Heading{Level: 2, Text: "Mục đích"},
			Paragraph{Text: "Nâng cao nhận thức và kỹ năng số cho cán bộ, công chức, viên chức các cấp; để mỗi đơn vị có người làm được, hướng dẫn được và kiểm tra được việc ứng dụng công nghệ số trong công việc hằng ngày.\nBảo đảm số liệu về học viên, buổi học và kết quả được ghi một lần tại nơi phát sinh, không phải tổng hợp lại bằng tay."},
			Heading{Level: 2, Text: "Yêu cầu"},
			Heading{Level: 3, Text: "Nội dung thiết thực, gắn với vị trí việc làm và nhiệm vụ ứng dụng tại đơn vị;"},
			Heading{Level: 3, Text: "Điểm danh, kiểm tra và đánh giá chất lượng bồi dưỡng đúng quy định, không hình thức."},
			Heading{Level: 1, Text: "NỘI DUNG"},
			Paragraph{Lead: "Đối tượng:", Text: "Cán bộ, công chức, viên chức của sở, ban, ngành, huyện, thị xã, thành phố và xã, phường, thị trấn; thành viên tổ công nghệ số cộng đồng."},
			planTable(),
			Paragraph{Text: "Mỗi tháng tổ chức một chuyên đề. Danh sách học viên do đơn vị cử, gửi trước ngày khai giảng ít nhất năm ngày làm việc."},
			wideTable(),
			Heading{Level: 1, Text: "TỔ CHỨC THỰC HIỆN"},
			Paragraph{Text: "Giao Phòng Công nghệ thông tin theo dõi, đôn đốc; các đơn vị báo cáo kết quả trước ngày 15 hằng tháng. Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị phản ánh về Sở để tổng hợp, báo cáo Ủy ban nhân dân tỉnh xem xét, quyết định./."},
		},
		Sign: []string{"KT. Giám đốc", "Phó Giám đốc"}, Signer: "Nguyễn Thị Phượng",
		Recipients: []string{"Ủy ban nhân dân tỉnh (báo cáo)", "Các sở, ban, ngành; Ủy ban nhân dân các huyện, thị xã, thành phố", "Lãnh đạo Sở", "Lưu: VT, CNTT"},
		Appendices: []Appendix{
			{Title: "Danh mục chuyên đề", Blocks: []Block{planTable()}},
			{Title: "Chỉ tiêu học viên theo đơn vị", Blocks: []Block{wideTable(), Paragraph{Text: "Số liệu có thể điều chỉnh khi đơn vị sáp nhập."}}},
		},
		Made: day(2022, 5, 5),
	}
}

func planTable() Table {
	t := Table{
		Caption: "Các chuyên đề năm 2022",
		Columns: []Column{
			{Title: "STT", Align: Center}, {Title: "Chuyên đề"}, {Title: "Tháng", Align: Center},
			{Title: "Kế hoạch", Group: "Số người", Align: Right}, {Title: "Đăng ký", Group: "Số người", Align: Right},
			{Title: "Kinh phí (đồng)", Align: Right},
		},
	}
	topics := []string{"Căn bản chuyển đổi số", "Chính quyền số và dịch vụ công trực tuyến toàn trình", "An toàn thông tin cho người dùng", "Dữ liệu dùng chung, dữ liệu mở", "Kinh tế số ở cơ sở", "Kỹ năng của tổ công nghệ số cộng đồng"}
	for i, topic := range topics {
		t.Rows = append(t.Rows, Row{Cells: []string{fmt.Sprint(i + 1), topic, fmt.Sprintf("%02d/2022", i+5), "1.120", "1.098", "128.500.000"}})
	}
	t.Rows = append(t.Rows, Row{Bold: true, Cells: []string{"", "Cộng", "", "6.720", "6.588", "771.000.000"}})
	return t
}

// wideTable needs a landscape page and runs over several.
func wideTable() Table {
	t := Table{Columns: []Column{{Title: "STT", Align: Center}, {Title: "Đơn vị"}}}
	for _, group := range []string{"Cán bộ", "Công chức", "Viên chức", "Tổ công nghệ số cộng đồng"} {
		for _, title := range []string{"Kế hoạch", "Đăng ký", "Tham dự", "Hoàn thành"} {
			t.Columns = append(t.Columns, Column{Title: title, Group: group, Align: Right})
		}
	}
	t.Rows = append(t.Rows, Row{Section: true, Cells: []string{"I. Huyện, thị xã, thành phố"}})
	for i := range 60 {
		cells := []string{fmt.Sprint(i + 1), fmt.Sprintf("Xã Trà Linh %d, huyện Nam Trà My", i+1)}
		for j := range 16 {
			cells = append(cells, fmt.Sprint((i*37+j*11)%1000))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return t
}

// sampleCertificate is an ordinary certificate.
func sampleCertificate() Certificate {
	return Certificate{
		ParentBody: "Ủy ban nhân dân tỉnh Quảng Nam", Issuer: "Sở Thông tin và Truyền thông",
		Salutation: "Bà", Holder: "Nguyễn Thị Phượng", Born: "02/9/1985",
		Unit: "Ủy ban nhân dân xã Trà Linh, huyện Nam Trà My", Course: "Căn bản chuyển đổi số",
		Duration: "24 tiết", From: day(2022, 5, 9), To: day(2022, 5, 27), Grade: "Giỏi",
		Place: "Quảng Nam", Date: day(2022, 6, 3), Sign: []string{"KT. Giám đốc", "Phó Giám đốc"}, Signer: "Trần Văn Được",
		Serial: "QNM-2022-000123", Register: "123/2022/GCN",
		CheckURL: "https://daotao.quangnam.gov.vn/kiem-tra/7K2M-Q9XD-4HTR", Made: day(2022, 6, 3),
	}
}

// longCertificate has the longest texts that a real register could hold.
func longCertificate() Certificate {
	k := sampleCertificate()
	k.ParentBody = "Ban Chỉ đạo chuyển đổi số và cải cách hành chính của Ủy ban nhân dân thành phố trực thuộc trung ương"
	k.Issuer = "Trung tâm Đào tạo, bồi dưỡng cán bộ, công chức và Giám sát, điều hành thông minh"
	k.Holder = "Tôn Nữ Công Huyền Đặng Nguyễn Thị Phượng Hoàng Ngọc Khánh Quỳnh Như Nguyệt"
	k.Unit = "Bộ phận Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính, Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường Hòa Khánh Bắc, quận Liên Chiểu, thành phố Đà Nẵng"
	k.Course = "Bồi dưỡng kỹ năng số, kỹ năng khai thác, sử dụng dữ liệu dùng chung, dịch vụ công trực tuyến toàn trình và bảo đảm an toàn thông tin mạng cho cán bộ, công chức, viên chức cấp xã và thành viên tổ công nghệ số cộng đồng"
	k.Note = "Cấp lại lần 1 do thay đổi họ tên, thay giấy chứng nhận số QNM-2021-000077 ngày 15/12/2021 đã thu hồi"
	k.Sign = []string{"TM. Ban Chỉ đạo chuyển đổi số", "KT. Trưởng ban", "Phó Trưởng ban Thường trực"}
	k.CheckURL = "https://daotao.trungtamdaotaoboiduong.danang.gov.vn/chung-nhan/kiem-tra/0192f1a4-7c1e-7d3a-9a55-3f0b6c2d1e4f?don-vi=hoa-khanh-bac"
	return k
}

// sampleSlips are slips for a commune; the second has the longest texts.
func sampleSlips(n int) CodeSlips {
	s := CodeSlips{Made: day(2022, 5, 5)}
	for i := range n {
		slip := CodeSlip{
			Name: "Nguyễn Thị Phượng", Unit: "Ủy ban nhân dân xã Trà Linh, huyện Nam Trà My",
			Account: fmt.Sprintf("phuongnt.tralinh%02d", i+1), Code: fmt.Sprintf("K7QD42MPX%03d", i),
			Address: "daotao.quangnam.gov.vn", URL: "https://daotao.quangnam.gov.vn/dang-nhap",
			Expires: day(2022, 5, 31).Add(17 * time.Hour),
		}
		if i == 1 {
			k := longCertificate()
			slip.Name, slip.Unit = k.Holder, k.Unit
			slip.Account = "tonnuconghuyendangnguyenthiphuonghoangngockhanhquynhnhunguyet@hoakhanhbac.lienchieu.danang.gov.vn"
			slip.Code = "K7QD42MPX9RTW3HN"
			slip.Address = "daotao.trungtamdaotaoboiduong.danang.gov.vn/dang-nhap"
			slip.URL = "https://" + slip.Address
		}
		s.Slips = append(s.Slips, slip)
	}
	return s
}

// sampleRoll is a sheet for a class of n.
func sampleRoll(n int) RollSheet {
	r := RollSheet{
		ParentBody: "Ủy ban nhân dân thành phố Hồ Chí Minh", Body: "Ủy ban nhân dân quận 9",
		Code: "K7QD-42MP", URL: "https://daotao.quan9.gov.vn/phieu/K7QD-42MP",
		Class: "Lớp 2, chuyên đề Chính quyền số (khóa tháng 10–12/2020)", Session: "Buổi 3: Dịch vụ công trực tuyến toàn trình",
		Date: day(2020, 10, 15), Time: "7 giờ 30 – 11 giờ 00", Room: "Hội trường A, tầng 2, số 2/304 Xa lộ Hà Nội",
		Lecturer: "TS. Lê Văn Thử", Detail: "Đơn vị", Blank: 3, Manager: "Phạm Thị Thúy", Made: day(2020, 10, 14),
	}
	for i, k := range certificatesFor(n) {
		p := RollTrainee{Name: k.Holder, Detail: "Phường Long Thạnh Mỹ"}
		if i == 1 {
			p.Name, p.Detail, p.Note = longCertificate().Holder, longCertificate().Unit, "Dự thay"
		}
		r.Trainees = append(r.Trainees, p)
	}
	return r
}

// sampleReport is a report with a table of its own.
func sampleReport(t Table) SimpleTable {
	return SimpleTable{
		Body: "Sở Thông tin và Truyền thông tỉnh Quảng Nam", Title: "Kết quả bồi dưỡng chuyển đổi số",
		Subtitle: "Theo cấp, đơn vị, đối tượng và chuyên đề", Period: "từ ngày 15/4/2022 đến ngày 14/5/2022",
		Source: "sổ điểm danh và sổ cấp giấy chứng nhận; chốt số liệu 17 giờ 00 ngày 14/5/2022",
		Table:  t, Made: day(2022, 5, 16),
		Notes: []string{"Lượt người và số người là hai số khác nhau: một người dự ba buổi là ba lượt, một người.", "Tỷ lệ hoàn thành = số người hoàn thành / số người có tên trong danh sách lớp."},
	}
}

// sampleDecision is a decision with articles.
func sampleDecision() AdminDocument {
	return AdminDocument{
		Body: "Ủy ban nhân dân tỉnh Quảng Nam", Symbol: "QĐ-UBND", Place: "Quảng Nam",
		Kind: "Quyết định", Abstract: "Về việc mở lớp bồi dưỡng «Căn bản chuyển đổi số» năm 2022",
		Authority: "Chủ tịch Ủy ban nhân dân tỉnh",
		Bases: []string{
			"Căn cứ Luật Tổ chức chính quyền địa phương",
			"Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông",
		},
		Enacting: "QUYẾT ĐỊNH:",
		Blocks: []Block{
			Article{Text: "Mở bốn lớp bồi dưỡng cho 160 học viên, mỗi lớp khoảng 40 người, từ ngày 01/10/2022 đến ngày 31/12/2022."},
			Article{Title: "Kinh phí", Text: "Kinh phí thực hiện bố trí từ nguồn chi thường xuyên năm 2022."},
			Article{Text: "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc các sở và Thủ trưởng các đơn vị liên quan chịu trách nhiệm thi hành Quyết định này./."},
		},
		Sign: []string{"TM. Ủy ban nhân dân", "Chủ tịch"}, Signer: "Trần Văn Mẫu",
		Recipients: []string{"Như Điều 3", "Lưu: VT, KGVX"},
	}
}

// sampleLetter is an official letter to several bodies.
func sampleLetter() AdminDocument {
	return AdminDocument{
		ParentBody: "Ủy ban nhân dân tỉnh Quảng Nam", Body: "Sở Thông tin và Truyền thông",
		Number: "07", Symbol: "STTTT-CNTT", Place: "Quảng Nam", Date: day(2022, 2, 9),
		Abstract: "cử học viên dự lớp bồi dưỡng chuyên đề An toàn thông tin",
		To:       []string{"Các sở, ban, ngành", "Ủy ban nhân dân các huyện, thị xã, thành phố"},
		Blocks:   []Block{Paragraph{Text: "Sở Thông tin và Truyền thông đề nghị các đơn vị cử học viên dự lớp bồi dưỡng, gửi danh sách trước ngày 15/02/2022./."}},
		Sign:     []string{"Giám đốc"}, Signer: "Lê Thị Hòa",
		Recipients: []string{"Như trên", "Lưu: VT"},
	}
}
