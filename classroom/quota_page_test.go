package classroom_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/module"
)

// A sheet of many units opens where the numbers are, is searched, and is filled in
// without saving until it is looked over.
func TestQuotaSheetOfManyUnits(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		p := l.plan(t)
		topics, err := l.Topics(l.ctx, p)
		must(t, err)
		for i := range 20 {
			l.unit(t, l.district[1], fmt.Sprint(20900+i), fmt.Sprintf("Xã Bình Sơn %d", i), org.KindCommune)
		}
		q := func(u org.UnitID, topic classroom.TopicID, n int64) classroom.Quota {
			return classroom.Quota{Unit: u, Topic: topic, Seats: n}
		}
		must(t, l.SetQuotas(l.ctx, p, []classroom.Quota{q(l.district[1], topics[1].ID, 600), q(l.commune[2], topics[1].ID, 14), q(l.district[1], topics[0].ID, 77)}))
		s := l.serve(t)
		s.signIn(access.Actor{Account: "a", Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: l.province}}})
		path := "/classroom/plans/" + string(p) + "/quota"
		if page := string(s.get(t, path+"?unit="+string(l.district[1]), http.StatusOK)); !strings.Contains(page, "77") || !strings.Contains(page, "Tìm trong 22 đơn vị") {
			t.Error("the sheet does not open where the first numbers are")
		}
		at := path + "?unit=" + string(l.district[1]) + "&topic=" + string(topics[1].ID) + "&category="
		if page := string(s.get(t, at+"&q=binh+son+7", http.StatusOK)); !strings.Contains(page, "Xã Bình Sơn 7") || strings.Contains(page, "Xã Bình Sơn 8") {
			t.Error("looking for a unit does not find it alone")
		}
		form := url.Values{"unit": {string(l.district[1])}, "topic": {string(topics[1].ID)}, "category": {""}, "fill": {"1"}, "each": {"9"}}
		for _, u := range []org.UnitID{l.district[1], l.commune[2], l.commune[3]} {
			form.Add("at", string(u))
		}
		form.Set("n:"+string(l.district[1]), "600")
		form.Set("n:"+string(l.commune[2]), "14")
		res, err := http.PostForm(s.URL+path, form)
		must(t, err)
		defer res.Body.Close()
		sheet, err := l.Quotas(l.ctx, p, l.district[1], topics[1].ID, "")
		must(t, err)
		if res.StatusCode != http.StatusOK || sheet.Own.Given != 14 {
			t.Errorf("%d, and %d given out before it was saved", res.StatusCode, sheet.Own.Given)
		}
		form.Del("fill")
		form.Set("n:"+string(l.commune[3]), "9")
		res, err = http.PostForm(s.URL+path, form)
		must(t, err)
		defer res.Body.Close()
		if sheet, err = l.Quotas(l.ctx, p, l.district[1], topics[1].ID, ""); err != nil || sheet.Own.Given != 23 {
			t.Errorf("%d given out after it was saved: %v", sheet.Own.Given, err)
		}
	})
}
