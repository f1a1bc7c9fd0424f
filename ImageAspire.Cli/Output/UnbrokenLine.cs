using Spectre.Console.Rendering;

namespace ImageAspire.Cli.Output;

/// <summary>
/// A line of data: no markup, and never wrapped, so that a path in it can be searched for and copied. Control characters,
/// which could control a terminal, become question marks.
/// </summary>
internal sealed class UnbrokenLine(string text) : Renderable
{
    public static string Printable(string text) =>
        string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = char.IsControl(from[i]) && from[i] is not ('\n' or '\t') ? '?' : from[i]; // SQLite's own checks report in several lines
        });

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(Printable(text)), Segment.LineBreak];
}
