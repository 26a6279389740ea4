package journey

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"lotrinh/platform/module"
)

// TestScreens makes the pictures of the README: make shots.
func TestScreens(t *testing.T) {
	dir := os.Getenv("LOTRINH_SCREENS")
	if dir == "" {
		t.Skip("makes the pictures of the README where LOTRINH_SCREENS names their folder")
	}
	h := sharedHouse(t)
	session := one[string](t, h, `select s.id from classroom_session s join classroom_class k on k.id = s.class_id where k.code = 'QN-2022-01'`)
	serial := one[string](t, h, `select serial from learn_certificate where revoked_at is null order by serial limit 1`)
	course := one[string](t, h, `select id from learn_course order by starts_on limit 1`)
	for _, p := range []struct {
		name string
		role module.Role
		on   screen
		path string
	}{
		{"ket-qua", module.TrainingOfficer, desk, "/results"},
		{"don-vi", module.Admin, desk, "/org/units"},
		{"diem-danh", module.ClassManager, phone, "/classroom/sessions/" + session + "/roll"},
		{"viec-hoc", module.Learner, phone, "/"},
		{"khoa-hoc", module.Learner, phone, "/learn/courses/" + course},
		{"giay-chung-nhan", "", phone, "/c/" + serial},
	} {
		v := visit(t, h, p.on)
		if p.role != "" {
			v.signIn(p.role)
		}
		if code := v.open(p.path); code != 200 {
			t.Errorf("%s: %d", p.path, code)
			continue
		}
		b, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, p.name+".png"), b, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
