using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using Spectre.Console;

namespace ImageAspire.Cli.Backup;

/// <summary>How far a command is, as a bar for each thing that is counted. They are gone when the command is done; lines that it says stay.</summary>
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

    /// <summary>Runs some work and shows its counts, if there is a terminal to show them on.</summary>
    /// <param name="output">Where.</param>
    /// <param name="work">Gets who shows counts; null when nobody does.</param>
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
        // Never quite at its end: after the last one comes what has no count, such as SQLite's own checks, and the spinner shows that.
        _bar.Value = Math.Min(value.Done, _bar.MaxValue - 0.01);
    }

    private static void Complete(ProgressTask bar)
    {
        bar.IsIndeterminate = false;
        bar.Value = bar.MaxValue;
    }
}
