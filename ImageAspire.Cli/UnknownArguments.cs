using Spectre.Console.Cli;

namespace ImageAspire.Cli;

/// <summary>The command line has an unknown argument.</summary>
/// <param name="message">For people.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Refuses arguments that the parser did not consume. Its strict mode does so too, but gives an option without a value the value
/// <c>__default_command</c> (Spectre.Console.Cli 0.57.2), and <c>restore DIR --data</c> would restore into a folder of that name.
/// </summary>
internal sealed class UnknownArguments : ICommandInterceptor
{
    public void Intercept(CommandContext context, CommandSettings settings)
    {
        if (Describe(context.Remaining) is { } problem)
            throw new UsageException(problem);
    }

    /// <summary>The error for unconsumed arguments; null for none.</summary>
    /// <param name="resolver">Gives the parsed command line; null when it could not be parsed.</param>
    public static string? Describe(ITypeResolver? resolver) =>
        resolver?.Resolve(typeof(IRemainingArguments)) is IRemainingArguments remaining ? Describe(remaining) : null;

    private static string? Describe(IRemainingArguments remaining)
    {
        if (remaining.Parsed.FirstOrDefault() is { } option)
            return $"Unknown option '{option.Key}'.";
        return remaining.Raw is [var first, ..] ? $"Unexpected argument '{first}' after '--'." : null;
    }
}
