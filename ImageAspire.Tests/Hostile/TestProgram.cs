using System.Text.Json;
using ImageAspire.Imaging.Isolation;
using ImageAspire.Tests.Embedded;
using Xunit.Runner.InProc.SystemConsole;

namespace ImageAspire.Tests.Hostile;

/// <summary>
/// This assembly as a program: the runner of its tests; a decoder as the product has it; with the argument <c>misbehave</c>, one that fails
/// over images of a certain width; with <c>escape</c>, one that tries to get out of its sandbox; or a process that has two versions of SQLite. The product has no such hooks.
/// </summary>
internal static class TestProgram
{
    private const string Misbehave = "misbehave", Escape = "escape";

    /// <summary>How tests start the product's decoder.</summary>
    public static DecoderCommand Decoder { get; } = Command(DecoderProgram.Argument);

    /// <summary>How tests start one that fails.</summary>
    public static DecoderCommand Misbehaving(string how) => Command(Misbehave, how);

    /// <summary>How tests start one that tries to reach everything.</summary>
    public static DecoderCommand Escaping(EscapeTargets targets) => Command(Escape, targets.Argument);

    public static async Task<int> Main(string[] args)
    {
        if (DecoderProgram.IsRequested(args))
            return await DecoderProgram.RunAsync(args);
        if (args is [WriterMutexTests.Argument, var database])
            return WriterMutexTests.Run(database);
        if (args is [Faults.WriterMutexClockTests.Argument, var written])
            return await Faults.WriterMutexClockTests.RunAsync(written);
        if (args is [NativeSqliteTests.Argument, var folder])
            return NativeSqliteTests.Run(folder);
        if (args is [Misbehave, var how, ..])
            return await DecoderProgram.RunAsync(args, decoder => new MisbehavingDecoder(decoder, how));
        if (args is [Escape, var target, ..])
            return await DecoderProgram.RunAsync(args, decoder => new EscapeAttempts(decoder, JsonSerializer.Deserialize<EscapeTarget>(target)!));
        return await ConsoleRunner.Run(args);
    }

    private static DecoderCommand Command(params string[] arguments) => new("dotnet", ["exec", typeof(TestProgram).Assembly.Location, .. arguments]);
}
