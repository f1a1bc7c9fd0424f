namespace ImageAspire.Imaging.Isolation;

/// <summary>One request to a decoder.</summary>
/// <param name="Kind"><see cref="FrameKind.ReadHeader"/> or <see cref="FrameKind.Decode"/>.</param>
/// <param name="Request">Its parameters.</param>
/// <param name="Image">The original; used by the decoder alone until the call ends.</param>
/// <param name="Parse">Checks and converts the answer; throws <see cref="InvalidDataException"/> for an impossible one.</param>
internal sealed record DecoderCall<T>(FrameKind Kind, DecoderRequest Request, Stream Image, Func<Frame, T> Parse);
