using System.Threading.Channels;

namespace ImageAspire.AppHost.Embedded;

/// <summary>What a person at the terminal reads: the lines of all services, marked with who wrote them.</summary>
/// <param name="output">Where they go.</param>
internal sealed class Terminal(TextWriter output)
{
    private const int MaxLines = 4096;

    // A terminal that stands still (a pager, a selection) must not fill the memory: the oldest lines go.
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxLines) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Adds a line of somebody.</summary>
    public void Say(string who, string line) => _lines.Writer.TryWrite($"[{who}] {line}");

    /// <summary>Adds text as it is.</summary>
    public void Write(string text) => _lines.Writer.TryWrite(text);

    /// <summary>No more lines come.</summary>
    public void Complete() => _lines.Writer.Complete();

    /// <summary>Writes until there are no more.</summary>
    public async Task PrintAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
            await output.WriteLineAsync(line);
    }
}
