using System.Globalization;

namespace ImageAspire.Dashboard.Components.Console;

/// <summary>How a terminal would draw what comes next.</summary>
internal sealed class AnsiLook
{
    private const int Default = -1, TrueColor = 1 << 24;

    // -1: the terminal's; 0 to 15: one of the sixteen; from 2^24 on: red, green and blue.
    private int _front = Default, _back = Default;
    private bool _bold, _dim, _italic, _underlined, _inverse;

    public string? Class
    {
        get
        {
            var (front, back) = Colors();
            var classes = new List<string>(4);
            if (front is >= 0 and < 16)
                classes.Add("f" + front.ToString(CultureInfo.InvariantCulture));
            if (back is >= 0 and < 16)
                classes.Add("b" + back.ToString(CultureInfo.InvariantCulture));
            if (_bold)
                classes.Add("bold");
            if (_dim)
                classes.Add("dim");
            if (_italic)
                classes.Add("italic");
            if (_underlined)
                classes.Add("underlined");
            if (_inverse && _front == Default && _back == Default)
                classes.Add("inverse");
            return classes.Count == 0 ? null : string.Join(' ', classes);
        }
    }

    public string? Style
    {
        get
        {
            var (front, back) = Colors();
            var style = (front >= TrueColor ? $"color:{Hex(front)};" : "") + (back >= TrueColor ? $"background:{Hex(back)};" : "");
            return style.Length == 0 ? null : style;
        }
    }

    public void Apply(List<int> codes)
    {
        for (var at = 0; at < codes.Count; at++)
        {
            switch (codes[at])
            {
                case 0: (_front, _back, _bold, _dim, _italic, _underlined, _inverse) = (Default, Default, false, false, false, false, false); break;
                case 1: _bold = true; break;
                case 2: _dim = true; break;
                case 3: _italic = true; break;
                case 4 or 21: _underlined = true; break;
                case 7: _inverse = true; break;
                case 22: (_bold, _dim) = (false, false); break;
                case 23: _italic = false; break;
                case 24: _underlined = false; break;
                case 27: _inverse = false; break;
                case >= 30 and <= 37: _front = codes[at] - 30; break;
                case 38: _front = Extended(codes, ref at) ?? _front; break;
                case 39: _front = Default; break;
                case >= 40 and <= 47: _back = codes[at] - 40; break;
                case 48: _back = Extended(codes, ref at) ?? _back; break;
                case 49: _back = Default; break;
                case >= 90 and <= 97: _front = codes[at] - 90 + 8; break;
                case >= 100 and <= 107: _back = codes[at] - 100 + 8; break;
                default: break; // a look that is not drawn
            }
        }
    }

    private (int Front, int Back) Colors() => _inverse ? (_back, _front) : (_front, _back);

    // 38;5;n or 38;2;r;g;b. Whatever is not one of them ends the reading of the code.
    private static int? Extended(List<int> codes, ref int at)
    {
        if (at + 2 < codes.Count && codes[at + 1] == 5 && codes[at + 2] is >= 0 and < 256)
        {
            at += 2;
            return Palette(codes[at]);
        }

        if (at + 4 < codes.Count && codes[at + 1] == 2 && codes.Skip(at + 2).Take(3).All(one => one is >= 0 and < 256))
        {
            at += 4;
            return Rgb(codes[at - 2], codes[at - 1], codes[at]);
        }

        at = codes.Count;
        return null;
    }

    // The 256 of xterm: the sixteen, a cube of 6 by 6 by 6, and 24 greys.
    private static int Palette(int number)
    {
        if (number < 16)
            return number;
        if (number >= 232)
            return Rgb(8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232));
        var cube = number - 16;
        return Rgb(Step(cube / 36), Step(cube / 6 % 6), Step(cube % 6));

        static int Step(int level) => level == 0 ? 0 : 55 + 40 * level;
    }

    private static int Rgb(int red, int green, int blue) => TrueColor | red << 16 | green << 8 | blue;

    private static string Hex(int color) => "#" + (color & 0xffffff).ToString("x6", CultureInfo.InvariantCulture);
}
