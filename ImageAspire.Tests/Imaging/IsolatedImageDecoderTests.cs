using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;
using ImageAspire.Tests.Hostile;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Imaging;

/// <summary>The same through child processes, which the tests share: they keep nothing of an image.</summary>
public sealed class IsolatedImageDecoderTests(IsolatedImageDecoderTests.Shared shared) : ImageDecoderContract, IClassFixture<IsolatedImageDecoderTests.Shared>
{
    private protected override IImageDecoder Create(ImagingOptions options) => shared.Of(options);

    /// <summary>One pool for each limit on pixels, which is all that the contract changes.</summary>
    public sealed class Shared : IDisposable
    {
        private readonly Dictionary<long, Decoders> _decoders = [];

        internal IImageDecoder Of(ImagingOptions options)
        {
            if (!_decoders.TryGetValue(options.MaxPixels, out var decoders))
                _decoders[options.MaxPixels] = decoders = new Decoders(TestProgram.Decoder, options, new FakeTimeProvider(Now));
            return decoders.Decoder;
        }

        public void Dispose()
        {
            foreach (var decoders in _decoders.Values)
                decoders.Dispose();
        }
    }
}
