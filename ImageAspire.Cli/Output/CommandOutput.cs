using Spectre.Console;

namespace ImageAspire.Cli.Output;

/// <summary>What a command says: results on standard output, what is wrong on standard error.</summary>
/// <param name="console">Standard output.</param>
/// <param name="errors">Standard error.</param>
internal sealed class CommandOutput(IAnsiConsole console, TextWriter errors) : IProgress<string>
{
    /// <summary>Standard output.</summary>
    public IAnsiConsole Console => console;

    /// <summary>Whether somebody watches, on a terminal that can redraw a line.</summary>
    public bool IsInteractive => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>A line, while a command works and when it is done.</summary>
    public void Report(string value) => console.Write(new UnbrokenLine(value));

    /// <summary>What is wrong; the exit code.</summary>
    public int Fail(string problem, int exitCode = ExitCodes.Failed)
    {
        errors.WriteLine(UnbrokenLine.Printable(problem));
        return exitCode;
    }
}
