package facts

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// steps are the successions of a unit on a day, as "change→key share".
func steps(from, d string) []string {
	var out []string
	for _, s := range Successions() {
		if s.From == from && s.Effective == day(d) {
			out = append(out, string(s.Change)+"→"+s.To)
		}
	}
	slices.Sort(out)
	return out
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The rows of the collection of traps that concern these areas.
func TestTraps(t *testing.T) {
	t.Run("same name, other unit", func(t *testing.T) {
		// Two communes of Yên Thế, one of which bore the name, became one that
		// bears the name of the one and the code of the other.
		old, tam := find(t, "2024-12-31", "24", "07276"), find(t, "2024-12-31", "24", "07261")
		now := find(t, "2025-01-01", "24", "07261")
		if old.Name != "Xã Tân Hiệp" || tam.Name != "Xã Tam Hiệp" || now.Name != "Xã Tân Hiệp" {
			t.Errorf("%s, %s, %s", old.Name, tam.Name, now.Name)
		}
		want(t, steps(old.Key, "2025-01-01"), "merge→"+now.Key)
		want(t, steps(tam.Key, "2025-01-01"), "merge→"+now.Key)
	})
	t.Run("same code, other name", func(t *testing.T) {
		was, is := find(t, "2025-06-30", "79", "26833"), find(t, "2025-07-01", "79", "26833")
		bearer := find(t, "2025-06-30", "79", "26830")
		if was.Name != "Phường Long Thạnh Mỹ" || is.Name != "Phường Long Bình" || bearer.Name != "Phường Long Bình" || was.Key == is.Key {
			t.Errorf("%s, %s, %s", was.Name, is.Name, bearer.Name)
		}
	})
	t.Run("successor keeps one code", func(t *testing.T) {
		was, is := find(t, "2025-06-30", "79", "26857"), find(t, "2025-07-01", "79", "26857")
		if was.Name != "Phường Long Phước" || is.Name != was.Name || is.Key == was.Key {
			t.Errorf("%+v, %+v", was, is)
		}
		want(t, slices.Sorted(maps.Keys(origins(is.Key))), "79/26854@2020", "79/26857@2020")
	})
	t.Run("same name in three places", func(t *testing.T) {
		if a, b := find(t, "2020-12-31", "79", "26836"), find(t, "2025-07-01", "79", "27031"); a.Name != "Phường Tân Phú" || b.Name != a.Name || a.Key == b.Key {
			t.Errorf("%s %s, %s %s", a.Key, a.Name, b.Key, b.Name)
		}
		if d := find(t, "2020-12-31", "79", "767"); d.Name != "Quận Tân Phú" {
			t.Error(d.Name)
		}
	})
	t.Run("one to many", func(t *testing.T) {
		want(t, steps("79/27016@2020", "2025-07-01"), "split→79/27013@2025-07", "split→79/27019@2025-07", "split→79/27439@2025-07")
		if u := find(t, "2025-07-01", "79", "27439"); u.Name != "Phường Bình Hưng Hòa" || !u.Outside {
			t.Errorf("%+v", u)
		}
		for _, s := range Successions() {
			if s.From == "79/27016@2020" && s.Change == Split && (s.Share != Share{1, 3} || !s.Assumed) {
				t.Errorf("%+v", s)
			}
		}
	})
	t.Run("many to one and one to one", func(t *testing.T) {
		if n := len(origins("48/20209@2025-07")); n != 5 { // Phường Thanh Khê
			t.Errorf("Thanh Khê comes of %d", n)
		}
		for key, name := range map[string]string{"49/20434@2020": "Xã Tân Hiệp", "49/20992@2020": "Xã Tam Hải", "49/20695@2020": "Xã Thạnh Mỹ", "24/07663@2020": "Xã Tuấn Đạo"} {
			for _, u := range On(day("2025-07-01")) {
				if u.Key == key && (u.Name != name || u.From != day("2025-07-01") || !strings.HasSuffix(u.Parent, "@2025-07")) {
					t.Errorf("%+v", u)
				}
			}
		}
		want(t, steps("49/20695@2020", "2025-07-01"), "reclassify→49/20695@2020", "reparent→49/20695@2020")
	})
	t.Run("new codes for unchanged names", func(t *testing.T) {
		for _, c := range [][3]string{{"07810", "07840", "Thị trấn Thắng"}, {"07369", "07399", "Thị trấn Kép"}, {"07756", "07795", "Thị trấn Nếnh"}} {
			was, is := find(t, "2020-12-31", "24", c[0]), find(t, "2021-01-13", "24", c[1])
			if was.Key != is.Key || was.Name != c[2] || is.Name != c[2] {
				t.Errorf("%+v, %+v", was, is)
			}
			want(t, steps(was.Key, "2021-01-13"), "recode→"+was.Key)
		}
	})
	t.Run("renamed and re-parented", func(t *testing.T) {
		// In two steps: a town from 10/4/2023, under Quế Sơn from 1/1/2025.
		a, b, c := find(t, "2023-04-09", "49", "20656"), find(t, "2023-04-10", "49", "20656"), find(t, "2025-01-01", "49", "20656")
		if a.Name != "Xã Quế Trung" || b.Name != "Thị trấn Trung Phước" || b.Parent != "49/519@2020" || c.Parent != "49/509@2020" {
			t.Errorf("%+v\n%+v\n%+v", a, b, c)
		}
		if a.Key != b.Key || b.Key != c.Key {
			t.Error("it is not one unit")
		}
		want(t, steps(a.Key, "2023-04-10"), "rename→"+a.Key, "reclassify→"+a.Key)
		want(t, steps(a.Key, "2025-01-01"), "reparent→"+a.Key)
	})
	t.Run("reclassified only", func(t *testing.T) {
		a, b := find(t, "2023-04-09", "49", "20560"), find(t, "2023-04-10", "49", "20560")
		if a.Name != "Xã Điện Thắng Bắc" || b.Name != "Phường Điện Thắng Bắc" || a.Short() != b.Short() || a.Key != b.Key {
			t.Errorf("%+v, %+v", a, b)
		}
	})
	t.Run("district disappears", func(t *testing.T) {
		want(t, steps("49/519@2020", "2025-01-01"), "merge→49/509@2020")
		want(t, steps("49/20672@2020", "2025-01-01"), "merge→49/20671@2020") // Sơn Viên into Quế Lộc
		moved := 0
		for _, s := range Successions() {
			if s.Change == Reparent && s.Effective == day("2025-01-01") && s.Area == DaNang {
				moved++
			}
		}
		if moved != 5 {
			t.Errorf("%d communes changed their district", moved)
		}
	})
	t.Run("unit without communes", func(t *testing.T) {
		if n := len(below(day("2025-06-30"), "48/498@2020", CommuneTier)); n != 0 {
			t.Errorf("Hoàng Sa had %d communes", n)
		}
		want(t, steps("48/498@2020", "2025-07-01"), "succeed→48/20333@2025-07")
	})
	t.Run("tone placement", func(t *testing.T) {
		if u := find(t, "2025-07-01", "48", "20320"); u.Name != "Xã Hòa Vang" {
			t.Error(u.Name)
		}
		if u := find(t, "2022-05-05", "48", "20290"); u.Name != "Phường Hòa Hải" {
			t.Error(u.Name)
		}
	})
	t.Run("double space and letter case", func(t *testing.T) {
		for _, c := range [][4]string{
			{"2022-05-05", "49", "20482", "Xã Tư"}, {"2020-12-31", "24", "07753", "Thị trấn Bích Động"},
			{"2022-05-05", "49", "20500", "Thị trấn Ái Nghĩa"}, {"2025-01-01", "24", "222", "Thị xã Việt Yên"},
		} {
			if u := find(t, c[0], c[1], c[2]); u.Name != c[3] {
				t.Errorf("%s is called %q", c[2], u.Name)
			}
		}
	})
	t.Run("effective date and operating date", func(t *testing.T) {
		n := 0
		for _, s := range Successions() {
			if s.To == "79/769@2021-01" && s.Change == Merge {
				n++
				if s.Effective != day("2021-01-01") || s.Operating != day("2021-01-22") || s.Act != "1111/NQ-UBTVQH14" {
					t.Errorf("%+v", s)
				}
			}
		}
		if n != 3 {
			t.Errorf("Thủ Đức comes of %d districts", n)
		}
		if find(t, "2020-12-31", "79", "763").To != day("2021-01-01") {
			t.Error("Quận 9 does not end with 2020")
		}
	})
	t.Run("province code changes owner", func(t *testing.T) {
		names := map[string]string{}
		for _, d := range []string{"2025-06-30", "2025-07-01"} {
			for _, u := range On(day(d)) {
				if u.Tier == ProvinceTier {
					names[d+" "+u.Code] = u.Name
				}
			}
		}
		if names["2025-06-30 24"] != "Tỉnh Bắc Giang" || names["2025-07-01 24"] != "Tỉnh Bắc Ninh" || names["2025-06-30 27"] != "Tỉnh Bắc Ninh" || names["2025-07-01 27"] != "" {
			t.Errorf("%v", names)
		}
	})
	t.Run("commune code changes owner", func(t *testing.T) {
		// Thạc Gián took the code of Vĩnh Trung, which it absorbed.
		was, is := find(t, "2024-12-31", "48", "20218"), find(t, "2025-01-01", "48", "20218")
		if was.Name != "Phường Vĩnh Trung" || is.Name != "Phường Thạc Gián" || is.Key != "48/20221@2020" {
			t.Errorf("%+v, %+v", was, is)
		}
	})
}

// Quận 2's three wards changed names in a ring on 1/1/2021.
func TestAnKhanhTakesTheNameOfAnother(t *testing.T) {
	is := find(t, "2021-01-01", "79", "27094")
	if is.Name != "Phường An Khánh" || find(t, "2020-12-31", "79", "27106").Name != is.Name {
		t.Error(is.Name)
	}
	want(t, slices.Sorted(maps.Keys(origins(is.Key))), "79/27094@2020", "79/27103@2020")
	want(t, steps("79/27106@2020", "2021-01-01"), "merge→79/27118@2020")
}

func TestPartialTransfersCountPeople(t *testing.T) {
	for _, s := range Successions() {
		if s.From == "48/20200@2020" && s.To == "48/20206@2020" {
			if s.Change != Partial || s.Assumed || (s.Share != Share{15220, 58280}) {
				t.Errorf("%+v", s)
			}
		}
	}
	want(t, steps("48/20200@2020", "2025-01-01"), "partial→48/20200@2020", "partial→48/20206@2020")
}
