using System.Globalization;
using ImageAspire.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Dashboard.Components.Console;

/// <summary>What the console page asks for: new lines, and all of them as a file.</summary>
internal static class ConsoleApi
{
    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapGet("/consolelogs/lines", Lines);
        app.MapGet("/consolelogs/download", DownloadAsync);
    }

    private static IResult Lines(HttpContext context, ConsoleReader reader, string? resource, string? after)
    {
        var cursor = ConsoleCursor.Parse(after);
        var entries = reader.Read(NullIfEmpty(resource), cursor);
        context.Response.Headers["X-After"] = cursor.ToString();
        return entries.Count == 0 ? TypedResults.NoContent()
            : new RazorComponentResult<ConsoleLines>(new { Entries = entries, WithNames = string.IsNullOrEmpty(resource) });
    }

    private static async Task DownloadAsync(HttpContext context, ConsoleLog log, ResourceBoard board, TimeProvider time, string? resource)
    {
        var names = NullIfEmpty(resource) is { } one ? [one] : board.List().Select(other => other.Name).ToArray();
        var lines = names.SelectMany(name => log.Read(name, 0, ConsoleLog.LinesPerResource).Select(line => (Name: name, Line: line))).OrderBy(entry => entry.Line.Time);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{FileName(names.Length == 1 ? names[0] : "console", time.GetLocalNow())}\"";
        await using var writer = new StreamWriter(context.Response.Body);
        foreach (var (name, line) in lines)
        {
            var who = names.Length == 1 ? "" : name + " ";
            await writer.WriteLineAsync($"{line.Time.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)} {who}{(line.IsError ? "stderr " : "")}{AnsiText.Plain(line.Text)}".AsMemory(), context.RequestAborted);
        }
    }

    // Whatever a resource is called, the name is one on every system.
    internal static string FileName(string name, DateTimeOffset now)
    {
        var safe = string.Concat(name.Take(100).Select(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' ? one : '_'));
        return string.Create(CultureInfo.InvariantCulture, $"{(safe.Length == 0 ? "console" : safe)}-{now:yyyyMMdd-HHmmss}.log");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
