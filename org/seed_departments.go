package org

import (
	"context"

	"lotrinh/org/facts"
	"lotrinh/platform/clock"
)

// departments are the specialised agencies of a province's People's Committee as
// Decrees 24/2014/NĐ-CP and 107/2020/NĐ-CP name them, with the province's Party
// and Front offices.
var departments = []string{
	"Văn phòng Ủy ban nhân dân tỉnh", "Sở Nội vụ", "Sở Tư pháp", "Sở Kế hoạch và Đầu tư", "Sở Tài chính",
	"Sở Công Thương", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Giao thông vận tải", "Sở Xây dựng",
	"Sở Tài nguyên và Môi trường", "Sở Thông tin và Truyền thông", "Sở Lao động - Thương binh và Xã hội",
	"Sở Văn hóa, Thể thao và Du lịch", "Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Y tế",
	"Thanh tra tỉnh", "Sở Ngoại vụ", "Ban Dân tộc",
	"Văn phòng Tỉnh ủy", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh",
	"Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
}

// seedDepartments puts the departments below the demo's provinces of 2020 that
// have all their districts.
func (o *Org) seedDepartments(ctx context.Context) error {
	var all []Unit
	for _, p := range o.On(ctx, facts.Begins).Roots() {
		u, _ := o.On(ctx, facts.Begins).Unit(p)
		if u.Code != "49" && u.Code != "24" {
			continue
		}
		for i, name := range departments {
			all = append(all, Unit{Parent: p, Name: name, Kind: KindDepartment, Tier: Agency, Sort: i + 1})
		}
	}
	if _, err := o.AddAll(ctx, all, Basis{On: facts.Begins}); err != nil {
		return err
	}
	return o.seedCodes(ctx)
}

// agencyCodes are the level 1 codes of the demo's provinces in the lists of agency
// identification codes, by their codes of the General Statistics Office.
var agencyCodes = map[string]string{"49": "H47", "24": "H02", "48": "H17", "79": "H29"}

// d20Since is the day on which Decision 20/2020/QĐ-TTg took effect.
var d20Since = clock.MustDate("2020-09-15")

// seedCodes gives the provinces their agency codes in both systems that are alive.
func (o *Org) seedCodes(ctx context.Context) error {
	for _, p := range o.On(ctx, facts.Begins).Roots() {
		u, _ := o.On(ctx, facts.Begins).Unit(p)
		code := agencyCodes[u.Code]
		if code == "" {
			continue
		}
		if err := o.SetCode(ctx, p, QCVN102, "000.00.00."+code, facts.Begins); err != nil {
			return err
		}
		if err := o.SetCode(ctx, p, D20, code, d20Since); err != nil {
			return err
		}
	}
	return nil
}
