package org

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/text"
)

// The people of the demo are made up: names are put together at random from
// common ones, and nobody has a personal number or a telephone.

// seedPlan says how many of whom a unit of the demo has.
type seedPlan struct {
	title      string
	category   Category
	n          int
	head       bool
	partyHead  bool
	olderThan  int // years in 2022
	yearsRange int
}

var (
	districtStaff = []seedPlan{
		{title: "Chủ tịch Ủy ban nhân dân", category: Cadre, n: 1, head: true, olderThan: 45, yearsRange: 12},
		{title: "Bí thư cấp ủy", category: Cadre, n: 1, partyHead: true, olderThan: 47, yearsRange: 12},
		{title: "Phó Chủ tịch Ủy ban nhân dân", category: Cadre, n: 2, olderThan: 40, yearsRange: 15},
		{title: "Trưởng phòng", category: CivilServant, n: 10, olderThan: 36, yearsRange: 20},
		{title: "Chuyên viên", category: CivilServant, n: 34, olderThan: 24, yearsRange: 30},
		{title: "Viên chức", category: PublicEmployee, n: 12, olderThan: 24, yearsRange: 30},
		{title: "Nhân viên hợp đồng", category: Worker, n: 4, olderThan: 22, yearsRange: 30},
	}
	communeStaff = []seedPlan{
		{title: "Chủ tịch Ủy ban nhân dân", category: Cadre, n: 1, head: true, olderThan: 38, yearsRange: 18},
		{title: "Bí thư Đảng ủy", category: Cadre, n: 1, partyHead: true, olderThan: 40, yearsRange: 18},
		{title: "Phó Chủ tịch Ủy ban nhân dân", category: Cadre, n: 1, olderThan: 34, yearsRange: 20},
		{title: "Công chức Văn phòng – thống kê", category: CivilServant, n: 2, olderThan: 24, yearsRange: 28},
		{title: "Công chức Tư pháp – hộ tịch", category: CivilServant, n: 2, olderThan: 24, yearsRange: 28},
		{title: "Công chức Tài chính – kế toán", category: CivilServant, n: 1, olderThan: 24, yearsRange: 28},
		{title: "Công chức Văn hóa – xã hội", category: CivilServant, n: 2, olderThan: 24, yearsRange: 28},
		{title: "Công chức Địa chính – xây dựng", category: CivilServant, n: 2, olderThan: 24, yearsRange: 28},
		{title: "Người hoạt động không chuyên trách", category: PartTimeWorker, n: 2, olderThan: 21, yearsRange: 35},
	}
	departmentStaff = []seedPlan{
		{title: "Giám đốc", category: CivilServant, n: 1, head: true, olderThan: 45, yearsRange: 12},
		{title: "Bí thư Đảng ủy cơ quan", category: CivilServant, n: 1, partyHead: true, olderThan: 45, yearsRange: 12},
		{title: "Phó Giám đốc", category: CivilServant, n: 2, olderThan: 40, yearsRange: 15},
		{title: "Trưởng phòng", category: CivilServant, n: 6, olderThan: 36, yearsRange: 20},
		{title: "Chuyên viên", category: CivilServant, n: 26, olderThan: 24, yearsRange: 30},
		{title: "Viên chức", category: PublicEmployee, n: 14, olderThan: 24, yearsRange: 30},
		{title: "Nhân viên hợp đồng", category: Worker, n: 3, olderThan: 22, yearsRange: 30},
	}
	// fewStaff is for units that the demo shows only in passing.
	fewStaff = []seedPlan{
		{title: "Chủ tịch Ủy ban nhân dân", category: Cadre, n: 1, head: true, olderThan: 38, yearsRange: 18},
		{title: "Công chức Văn phòng – thống kê", category: CivilServant, n: 1, olderThan: 24, yearsRange: 28},
	}
	wardOfQuan9 = []seedPlan{
		{title: "Chủ tịch Ủy ban nhân dân", category: Cadre, n: 1, head: true, olderThan: 38, yearsRange: 18},
		{title: "Công chức Văn phòng – thống kê", category: CivilServant, n: 3, olderThan: 24, yearsRange: 28},
		{title: "Công chức Tư pháp – hộ tịch", category: CivilServant, n: 3, olderThan: 24, yearsRange: 28},
		{title: "Người hoạt động không chuyên trách", category: PartTimeWorker, n: 2, olderThan: 21, yearsRange: 35},
	}
)

var (
	familyNames = strings.Fields("Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Huỳnh Hoàng Phan Phan Võ Võ Đặng Bùi Đỗ Hồ Ngô Dương Đoàn Trương Lương Mai Tô Arất Alăng Bnướch Zơrâm")
	menNames    = strings.Fields("An Anh Bình Bảo Cường Dũng Duy Đạt Đức Giang Hải Hiếu Hòa Hùng Huy Khải Khánh Kiên Lâm Long Minh Nam Nghĩa Phong Phúc Quang Quân Sơn Tài Tâm Thành Thắng Thịnh Toàn Trung Tuấn Tùng Việt Vinh Vũ")
	menMiddle   = strings.Fields("Văn Văn Văn Đình Quốc Hữu Minh Ngọc Thanh Đức Xuân Công")
	womenNames  = strings.Fields("Ánh Bích Châu Chi Diễm Dung Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Lan Liên Linh Loan Ly Mai My Nga Ngân Ngọc Nhung Oanh Phượng Quyên Thảo Thu Thủy Trang Trâm Trinh Tuyết Vân Vy Xuân Yến")
	womenMiddle = strings.Fields("Thị Thị Thị Thị Thanh Ngọc Kim Bích Hồng Thu Mỹ Minh")
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// madeUp is somebody of the demo.
func madeUp(r *rand.Rand, p seedPlan, unit UnitID, from clock.Date, n int) NewPerson {
	sex, middle, given := "male", menMiddle, menNames
	if r.IntN(100) < 46 {
		sex, middle, given = "female", womenMiddle, womenNames
	}
	name := pick(r, familyNames) + " " + pick(r, middle) + " " + pick(r, given)
	born := clock.NewDate(2022-p.olderThan-r.IntN(p.yearsRange), time.Month(1+r.IntN(12)), 1+r.IntN(28))
	words := strings.Fields(text.Fold(name))
	return NewPerson{Name: name, Birth: born, Sex: sex, Email: fmt.Sprintf("%s.%s%d@trinhdien.example.vn", words[len(words)-1], words[0], n),
		Post: Post{Unit: unit, Title: p.title, Category: p.category, Head: p.head, PartyHead: p.partyHead, From: from}}
}

// seedPeople fills the demo's units with people: the officials of Quảng Nam in
// 2022, those of Quận 9 in its last year, and two for each commune of Bắc Giang.
func (o *Org) seedPeople(ctx context.Context) error {
	r := rand.New(rand.NewPCG(2022, 49))
	var all []NewPerson
	staff := func(unit UnitID, from clock.Date, plans []seedPlan) {
		for _, p := range plans {
			for range p.n {
				all = append(all, madeUp(r, p, unit, from, len(all)))
			}
		}
	}
	term := clock.MustDate("2021-07-01") // of the authorities elected in May 2021
	for _, u := range o.On(ctx, clock.MustDate("2022-05-05")).All() {
		top := o.On(ctx, clock.MustDate("2022-05-05")).topCode(u.ID)
		switch {
		case top == "49" && u.Tier == District:
			staff(u.ID, term, districtStaff)
		case top == "49" && u.Tier == Commune:
			staff(u.ID, term, communeStaff)
		case top == "49" && u.Tier == Agency:
			staff(u.ID, term, departmentStaff)
		case top == "24" && u.Tier != Province:
			staff(u.ID, term, fewStaff)
		}
	}
	before := o.On(ctx, clock.MustDate("2020-10-01"))
	for _, u := range before.All() {
		if u.Code == "763" && u.Tier == District {
			staff(u.ID, clock.MustDate("2020-04-01"), districtStaff)
			for _, ward := range before.Children(u.ID) {
				staff(ward, clock.MustDate("2020-04-01"), wardOfQuan9)
			}
		}
	}
	ids, err := o.AddPeople(ctx, all...)
	if err != nil {
		return err
	}
	if err := o.seedTeams(ctx, all, ids); err != nil {
		return err
	}
	return o.seedLecturers(ctx, all, ids)
}

// teamOfDemo is how many members each team of the demo has: the least that provinces
// ask for. No figure of Quảng Nam's teams of 2022 was published.
const teamOfDemo = 7

// seedTeams gives each commune of Quảng Nam a community team by a decision of April
// 2022, of people who work there.
func (o *Org) seedTeams(ctx context.Context, all []NewPerson, ids []PersonID) error {
	day := clock.MustDate("2022-04-01")
	t := o.On(ctx, day)
	staff := map[UnitID][]PersonID{}
	for i, p := range all {
		if u, ok := t.Unit(p.Post.Unit); ok && u.Tier == Commune && !p.Post.Head && !p.Post.PartyHead && t.topCode(u.ID) == "49" {
			staff[u.ID] = append(staff[u.ID], ids[i])
		}
	}
	var teams []NewTeam
	for n, unit := range sortedKeys(staff) {
		team := NewTeam{Unit: unit, Team: Team{Name: "Tổ công nghệ số cộng đồng " + t.Name(unit), Decision: fmt.Sprintf("%d/QĐ-UBND", 40+n%60),
			DecisionOn: day + clock.Date(n%20)}}
		for i, p := range staff[unit] {
			if i < teamOfDemo {
				team.Members = append(team.Members, NewMember{Person: p, Role: []TeamRole{TeamLeader, TeamDeputy, TeamPlain}[min(i, 2)]})
			}
		}
		teams = append(teams, team)
	}
	return o.AddTeams(ctx, teams...)
}

// topCode is the code of the province that a unit lies in.
func (t *Tree) topCode(id UnitID) string {
	up, ok := t.Up(id, Province)
	if !ok {
		return ""
	}
	u, _ := t.Unit(up)
	return u.Code
}

const lecturersOfDemo = 16

// seedLecturers lets some of the departments' people teach.
func (o *Org) seedLecturers(ctx context.Context, all []NewPerson, ids []PersonID) error {
	practice := []string{"Triển khai một cửa điện tử cấp huyện", "Vận hành trung tâm dữ liệu tỉnh", "Xây dựng kế hoạch chuyển đổi số của sở",
		"Giám sát an toàn thông tin", "Số hóa hồ sơ hộ tịch", "Hướng dẫn tổ công nghệ số cộng đồng"}
	n := 0
	for i, p := range all {
		if p.Post.Title != "Trưởng phòng" || n == lecturersOfDemo {
			continue
		}
		u, ok := o.On(ctx, p.Post.From).Unit(p.Post.Unit)
		if !ok || u.Tier != Agency {
			continue
		}
		degree := Master
		if n%5 == 0 {
			degree = Doctor
		}
		q := Qualification{Person: ids[i], Unit: p.Post.Unit, Degree: degree, Field: "Công nghệ thông tin, quản lý công", Practice: practice[n%len(practice)],
			Years: 6 + n%9, Stated: p.Post.From, From: p.Post.From}
		if err := o.SaveLecturer(ctx, q); err != nil {
			return err
		}
		if err := o.CheckLecturer(ctx, q.Person, 0, true); err != nil {
			return err
		}
		n++
	}
	return nil
}
