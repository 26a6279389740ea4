package access

import "testing"

func TestWeakPasswords(t *testing.T) {
	own := []string{"tranthibich", "Trần Thị Bích", "Xã Tam Xuân 1", "bich.tt"}
	for _, p := range []string{
		"matkhau123", "MatKhau@2024", "Mật khẩu 1", "123456aA@", "password123", "P@ssw0rd2025", "1234567890", "0987654321",
		"qwertyuiop", "1q2w3e4r5t", "qazwsxedc", "asdfghjkl1", "aaaaaaaaaa", "abcabcabcabc", "anhyeuem123", "emyeuanh!!!!", "quangnam2022",
		"Quangnam@2025", "hanoi123456", "01011990", "0905123456", "iloveyou1234", "admin@123456", "vietnam30041975",
		"Trần Thị Bích 1985", "bichtt@12345", "tamxuan1", "xatamxuan1!!", "nguyenvana1990", "congchuc@2024", "!!!!!!!!!!!!", "chuyendoiso2025",
		"doclaptudohanhphuc", "49120000123456789012"[:12], "hoilamgi"[:3] + "1234567", "toiyeuvietnam1", "ubndxa123456", "abcdefghij", "zyxwvutsrq", "987654321aA@"} {
		if !weak(p, own...) && !tooShort(p) {
			t.Errorf("%q is taken for a good password", p)
		}
	}
	for _, p := range []string{goodPassword, "con trâu đi cày ruộng sâu", "mua-dau-mua-3-qua-oi", "Kx7#pQ9!vLm2", "trời xanh 5 con én bay", "84736251908437",
		"correct horse battery staple", "ca-phe-sua-da-7-gio"} {
		if weak(p, own...) {
			t.Errorf("%q is refused", p)
		}
	}
}

func tooShort(p string) bool { return len([]rune(p)) < 10 }
