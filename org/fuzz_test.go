package org_test

import (
	"bytes"
	"math/big"
	"testing"

	"lotrinh/org"
)

func FuzzParseShare(f *testing.F) {
	for _, s := range []string{"1/3", "40 %", "33,3%", "0,4", "0.4", "1", "1/0", "-1/2", "2/1", "1e9", "", "99999999999999999999/3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		num, den, ok := org.ParseShare(s)
		if ok && (num <= 0 || den < num || big.NewRat(num, den).Cmp(big.NewRat(1, 1)) > 0) {
			t.Fatalf("%q is %d/%d", s, num, den)
		}
	})
}

func FuzzParseMapping(f *testing.F) {
	f.Add([]byte("old_province_code,old_province,new_province_code,new_province,share\n49,Tỉnh Quảng Nam,48,Thành phố Đà Nẵng,1/2\n"))
	f.Add([]byte("new_code,new_province,old_code,old_province\n48,Đà Nẵng,49,Quảng Nam\n"))
	f.Add([]byte("province_code,province,code_2022,name_2022,district_2022,code_2025,name_2025,district_2025\n49,Quảng Nam,20335,A,B,20335,C,D\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		rows, err := org.ParseMapping(bytes.NewReader(in), "f.csv")
		for _, r := range rows {
			if err == nil && (r.Line < 2 || r.Den != 0 && r.Num > r.Den) {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte("code,name,level,parent_code,tier\n1,Hà Nội,Thành phố,,province\n"))
	f.Add([]byte("Mã;Tên\n00001;Phường Phúc Xá\n"))
	f.Add([]byte("Tỉnh / Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX\nHà Nội,01,Ba Đình,001,Phúc Xá,00001\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		rows, err := org.ParseList(bytes.NewReader(in), "f.csv")
		for _, r := range rows {
			if err == nil && (r.Name == "" || r.Tier == "") {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func TestShares(t *testing.T) {
	for in, want := range map[string]string{"1/3": "1/3", "40 %": "2/5", "33,3%": "333/1000", "0,4": "2/5", " 0.25 ": "1/4", "1": "1/1",
		"0": "", "2": "", "1/0": "", "x": "", "-1/2": "", "1/3/2": "", "0,00000001": ""} {
		got := ""
		if num, den, ok := org.ParseShare(in); ok {
			got = big.NewInt(num).String() + "/" + big.NewInt(den).String()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

// The list that the General Statistics Office gives out, with zeros lost on the way
// through a spreadsheet program.
func TestWideList(t *testing.T) {
	rows, err := org.ParseList(bytes.NewReader([]byte("Tỉnh / Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp\n"+
		"Thành phố Hà Nội,1,Quận Ba Đình,1,Phường Phúc Xá,1,Phường\nThành phố Hà Nội,1,Quận Ba Đình,1,Phường Trúc Bạch,4,Phường\n"+
		"Tỉnh Quảng Trị,45,Huyện Cồn Cỏ,471,,,\n")), "gso.csv")
	must(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, r.Code+" "+r.Name+" < "+r.ParentCode)
	}
	differ(t, got, []string{"01 Thành phố Hà Nội < ", "001 Quận Ba Đình < 01", "00001 Phường Phúc Xá < 001", "00004 Phường Trúc Bạch < 001",
		"45 Tỉnh Quảng Trị < ", "471 Huyện Cồn Cỏ < 45"})
}
