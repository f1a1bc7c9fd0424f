using Spectre.Console;

namespace ImageAspire.Cli.Output;

/// <summary>The output of a command: results on standard output, errors on standard error.</summary>
/// <param name="console">Standard output.</param>
/// <param name="errors">Standard error.</param>
internal sealed class CommandOutput(IAnsiConsole console, TextWriter errors) : IProgress<string>
{
    /// <summary>Standard output.</summary>
    public IAnsiConsole Console => console;

    /// <summary>Whether standard output is a terminal that can redraw a line.</summary>
    public bool IsInteractive => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Writes a line of progress or of the result.</summary>
    public void Report(string value) => console.Write(new UnbrokenLine(value));

    /// <summary>Writes an error; returns the exit code.</summary>
    public int Fail(string problem, int exitCode = ExitCodes.Failed)
    {
        errors.WriteLine(UnbrokenLine.Printable(problem));
        return exitCode;
    }
}
