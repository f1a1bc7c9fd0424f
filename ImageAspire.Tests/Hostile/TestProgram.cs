using ImageAspire.Imaging.Isolation;
using ImageAspire.Tests.Embedded;

namespace ImageAspire.Tests.Hostile;

/// <summary>
/// This assembly as a program: a decoder as the product has it; with the argument <c>misbehave</c>, one that comes to grief over pictures of
/// a certain width; or a process that has two versions of SQLite. The product has no such hooks.
/// </summary>
internal static class TestProgram
{
    private const string Misbehave = "misbehave";

    /// <summary>How tests start the product's decoder.</summary>
    public static DecoderCommand Decoder { get; } = Command(DecoderProgram.Argument);

    /// <summary>How tests start one that comes to grief.</summary>
    public static DecoderCommand Misbehaving(string how) => Command(Misbehave, how);

    public static async Task<int> Main(string[] args)
    {
        if (DecoderProgram.IsRequested(args))
            return await DecoderProgram.RunAsync();
        if (args is [NativeSqliteTests.Argument, var folder])
            return NativeSqliteTests.Run(folder);
        if (args is [Misbehave, var how])
            return await DecoderProgram.RunAsync(pictures => new MisbehavingPictures(pictures, how));
        await Console.Error.WriteLineAsync("These are tests: dotnet test");
        return 2;
    }

    private static DecoderCommand Command(params string[] arguments) => new("dotnet", ["exec", typeof(TestProgram).Assembly.Location, .. arguments]);
}
