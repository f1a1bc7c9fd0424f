using Spectre.Console;

namespace ImageAspire.Cli.Output;

/// <summary>Standard output: with colours and progress on a terminal, as plain text into a file or a pipe.</summary>
internal static class OutputConsole
{
    public static IAnsiConsole Create() => AnsiConsole.Create(Console.IsOutputRedirected
        ? new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            // Spectre's enrichers enable colours for CI systems; but a log that is searched must be plain.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        }
        : new AnsiConsoleSettings());
}
