package pdf

import (
	"fmt"

	"github.com/signintech/gopdf"
	"rsc.io/qr"
)

// quiet is the white border that readers of QR codes want, in modules.
const quiet = 4

// encodeQR makes the code of a text at the middle level of error correction.
func encodeQR(text string) (*qr.Code, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("%w: QR code of %d bytes: %v", ErrInput, len(text), err)
	}
	return code, nil
}

// qr draws the code of a text with its quiet border into a square. It is an image
// of one bit a pixel and eight pixels a module: as sharp in print as rectangles,
// of the same weight, and a fifth of their objects in memory.
func (c *canvas) qr(text string, x, y, side float64) {
	code, err := encodeQR(text)
	if err != nil {
		c.keep(err)
		return
	}
	img, err := gopdf.ImageHolderByBytes(code.PNG())
	if err != nil {
		c.keep(err)
		return
	}
	c.keep(c.gp.ImageByHolder(img, x, y, &gopdf.Rect{W: side, H: side}))
}
