using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using Spectre.Console;

namespace ImageAspire.Cli.Backup;

/// <summary>Progress of a command, as a bar for each kind of item. The bars are removed when the command is done; its lines stay.</summary>
internal sealed class StoreBars : IProgress<StoreCount>
{
    private readonly ProgressContext _context;
    private string? _what;
    private ProgressTask _bar;

    private StoreBars(ProgressContext context)
    {
        _context = context;
        _bar = context.AddTask("Databases").IsIndeterminate();
    }

    /// <summary>Runs work and shows its counts, if there is a terminal.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="work">The work; it gets the taker of counts, null without a terminal.</param>
    public static Task<T> ShowAsync<T>(CommandOutput output, Func<IProgress<StoreCount>?, Task<T>> work) => output.IsInteractive
        ? output.Console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new StoreBars(context)))
        : work(null);

    public void Report(StoreCount value)
    {
        if (value.What != _what)
        {
            Complete(_bar);
            _what = value.What;
            _bar = _context.AddTask(value.What, maxValue: Math.Max(1, value.Total));
        }

        _bar.Description = Markup.Escape(value.ToString());
        // Never quite complete: work without a count follows, such as SQLite's own checks, which the spinner shows.
        _bar.Value = Math.Min(value.Done, _bar.MaxValue - 0.01);
    }

    private static void Complete(ProgressTask bar)
    {
        bar.IsIndeterminate = false;
        bar.Value = bar.MaxValue;
    }
}
