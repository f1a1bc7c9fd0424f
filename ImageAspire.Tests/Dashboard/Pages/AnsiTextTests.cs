using ImageAspire.Dashboard.Components.Console;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Colours of console lines.</summary>
public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[32minfo\u001b[0m: x", "info|f2|,: x")]
    [InlineData("\u001b[1;31mred\u001b[22m thin\u001b[39m none", "red|f1 bold|, thin|f1|, none")]
    [InlineData("\u001b[91mbright\u001b[m off", "bright|f9|, off")]
    [InlineData("\u001b[97;44mon\u001b[49m", "on|f15 b4|")]
    [InlineData("\u001b[38;5;9mx", "x|f9|")]
    [InlineData("\u001b[38;5;208mx", "x||color:#ff8700;")]
    [InlineData("\u001b[48;5;244mx", "x||background:#808080;")]
    [InlineData("\u001b[38;2;1;20;255mx", "x||color:#0114ff;")]
    [InlineData("\u001b[38:2:1:20:255mx", "x||color:#0114ff;")]
    [InlineData("\u001b[2;4;3mx", "x|dim italic underlined|")]
    [InlineData("\u001b[7mx", "x|inverse|")]
    [InlineData("\u001b[31;7mx", "x|b1|")]
    [InlineData("\u009b31mx", "x|f1|")]
    public void Parse_Looks_BecomeSpans(string line, string expected) => Written(line).ShouldBe(expected);

    [Theory]
    [InlineData("\u001b[38;2;999;0;0mx", "x")]
    [InlineData("\u001b[38;5;300mx", "x")]
    [InlineData("\u001b[38mx", "x")]
    [InlineData("\u001b[38;2;1mx", "x")]
    [InlineData("\u001b[99999999999999mx", "x")]
    [InlineData("\u001b[?25lx", "x")]
    [InlineData("\u001b[2J\u001b[Hx", "x")]
    [InlineData("\u001b]0;title\u0007x", "x")]
    [InlineData("\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001b(Bx", "x")]
    [InlineData("\u001bcx", "x")]
    [InlineData("a\u0000\u0008\u0007\r\tb", "a\tb")]
    [InlineData("x\u001b", "x")]
    [InlineData("x\u001b[", "x")]
    [InlineData("x\u001b[31", "x")]
    [InlineData("x\u001b]never ends", "x")]
    [InlineData("", "")]
    public void Parse_EverythingElse_IsLeftOut(string line, string expected) => Written(line).ShouldBe(expected);

    [Fact]
    public void Parse_Style_IsMadeOfNumbersOnly()
    {
        var random = new Random(1);
        const string pieces = "\u001b[0123456789;:m38248expression(url\"'<>}";
        for (var round = 0; round < 5000; round++)
        {
            var line = string.Concat(Enumerable.Range(0, 30).Select(_ => pieces[random.Next(pieces.Length)])) + "\u001b[38;2;1;2;3;48;5;99m" + "x";
            foreach (var span in AnsiText.Parse(line))
            {
                (span.Style ?? "").ShouldMatch("^((color|background):#[0-9a-f]{6};)*$");
                (span.Class ?? "").ShouldMatch("^[a-z0-9 ]*$");
                span.Text.ShouldNotContain('\u001b');
            }
        }
    }

    [Fact]
    public void Plain_ColouredLine_IsItsText() => AnsiText.Plain("\u001b[32minfo\u001b[0m: \u001b[1mx\u001b[0m").ShouldBe("info: x");

    [Theory]
    [InlineData("api", "api-20260102-030405.log")]
    [InlineData("../../etc/passwd", "______etc_passwd-20260102-030405.log")]
    [InlineData("a\"; x=\"b\r\nSet-Cookie: a", "a___x__b__Set-Cookie__a-20260102-030405.log")]
    [InlineData("", "console-20260102-030405.log")]
    public void FileName_OfAnyResource_IsSafe(string resource, string expected) =>
        ConsoleApi.FileName(resource, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).ShouldBe(expected);

    [Fact]
    public void Cursor_AnyNames_AreReadAsWritten()
    {
        var cursor = new ConsoleCursor();
        foreach (var (name, number) in new[] { ("api", 12L), ("worker-1", long.MaxValue), ("a.b~c/d?e&f", 3L) })
            cursor.Advance(name, number);

        var read = ConsoleCursor.Parse(cursor.ToString());

        (read.After("api"), read.After("worker-1"), read.After("a.b~c/d?e&f"), read.After("other")).ShouldBe((12L, long.MaxValue, 3L, 0L));
        ConsoleCursor.Parse("nonsense~.5~api.x~api.-1~~").After("api").ShouldBe(0);
    }

    private static string Written(string line) => string.Join(',', AnsiText.Parse(line)
        .Select(span => span.Class is null && span.Style is null ? span.Text : $"{span.Text}|{span.Class}|{span.Style}"));
}
