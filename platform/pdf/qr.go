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

// qr draws the code of a text with its quiet border into a square.
func (c *canvas) qr(text string, x, y, side float64) {
	if code, err := encodeQR(text); err != nil {
		c.keep(err)
	} else {
		c.stamp(code, x, y, side)
	}
}

// qrFlush draws the code of a text so that its dark modules, not their border,
// begin at x.
func (c *canvas) qrFlush(text string, x, y, side float64) {
	if code, err := encodeQR(text); err != nil {
		c.keep(err)
	} else {
		c.stamp(code, x-side*quiet/float64(code.Size+2*quiet), y, side)
	}
}

// stamp draws a code as an image of one bit a pixel and eight pixels a module: as
// sharp in print as rectangles, of the same weight, and half the memory.
func (c *canvas) stamp(code *qr.Code, x, y, side float64) {
	img, err := gopdf.ImageHolderByBytes(code.PNG())
	if err != nil {
		c.keep(err)
		return
	}
	c.keep(c.gp.ImageByHolder(img, x, y, &gopdf.Rect{W: side, H: side}))
}
