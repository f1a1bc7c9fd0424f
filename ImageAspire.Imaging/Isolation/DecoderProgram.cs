using System.ComponentModel;
using System.Runtime.InteropServices;
using ImageAspire.Imaging.Isolation.Sandbox;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The entry point of a decoder process: the Worker starts its own program with one argument, and this runs instead of the Worker.</summary>
public static class DecoderProgram
{
    internal const string Argument = "decode-images";

    /// <summary>Whether this process was started as a decoder.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args is [Argument, ..];

    /// <summary>Serves requests from standard input until it ends.</summary>
    /// <param name="args">This program's arguments.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args) => RunAsync(args, decoder => decoder);

    /// <summary>The same with a decorated decoder, for tests.</summary>
    internal static async Task<int> RunAsync(IReadOnlyList<string> args, Func<ICodec, ICodec> decorate)
    {
        try
        {
            DecoderSandbox.Pass(args);
        }
        catch (Win32Exception error)
        {
            await Console.Error.WriteLineAsync($"The sandbox cannot be entered: {error.Message}");
            return 1;
        }

        // The Worker drains first and ends its decoders itself, so a signal to the process group must not end them.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        DecoderConfinement.EndWithParent();
        await new DecoderServer(input, output, DecoderSandbox.Warning(args), (settings, time) =>
        {
            var (decoder, library) = Open(settings, time);
            DecoderConfinement.Apply(settings.MemoryBytes);
            return (decorate(decoder), library);
        }).RunAsync();
        return 0;
    }

    private static (ICodec Decoder, string? Library) Open(DecoderSettings settings, TimeProvider time)
    {
        var options = new ImagingOptions { Library = settings.Library, MaxPixels = settings.MaxPixels, MaxSide = settings.MaxSide, Quality = settings.Quality };
        return settings.Library != "none" && VipsLibrary.Description is { } library ? (new VipsImageDecoder(options, time), library) : (new HeaderImageDecoder(options, time), null);
    }
}
