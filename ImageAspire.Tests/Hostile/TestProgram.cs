using ImageAspire.Imaging.Isolation;
using ImageAspire.Tests.Embedded;
using Xunit.Runner.InProc.SystemConsole;

namespace ImageAspire.Tests.Hostile;

/// <summary>
/// This assembly as a program: the runner of its tests; a decoder as the product has it; with the argument <c>misbehave</c>, one that fails
/// over images of a certain width; or a process that has two versions of SQLite. The product has no such hooks.
/// </summary>
internal static class TestProgram
{
    private const string Misbehave = "misbehave";

    /// <summary>How tests start the product's decoder.</summary>
    public static DecoderCommand Decoder { get; } = Command(DecoderProgram.Argument);

    /// <summary>How tests start one that fails.</summary>
    public static DecoderCommand Misbehaving(string how) => Command(Misbehave, how);

    public static async Task<int> Main(string[] args)
    {
        if (DecoderProgram.IsRequested(args))
            return await DecoderProgram.RunAsync();
        if (args is [NativeSqliteTests.Argument, var folder])
            return NativeSqliteTests.Run(folder);
        if (args is [Misbehave, var how])
            return await DecoderProgram.RunAsync(decoder => new MisbehavingDecoder(decoder, how));
        return await ConsoleRunner.Run(args);
    }

    private static DecoderCommand Command(params string[] arguments) => new("dotnet", ["exec", typeof(TestProgram).Assembly.Location, .. arguments]);
}
