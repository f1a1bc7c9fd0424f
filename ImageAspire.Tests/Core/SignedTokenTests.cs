using ImageAspire.Core.Access;

namespace ImageAspire.Tests.Core;

public sealed class SignedTokenTests
{
    private static readonly byte[] Key = SignedToken.SigningKey(new byte[32], "secret"u8);

    [Fact]
    public void Sign_AndRead_IsTheSameToken()
    {
        var token = SignedToken.Create("Füße & co.", Samples.Noon.AddMilliseconds(7));
        var text = token.Sign(SignedToken.Session, Key);

        SignedToken.Read(text).ShouldBe(token);
        token.Until.ShouldBe(Samples.Noon);
        token.IsSigned(text, SignedToken.Session, Key).ShouldBeTrue();
        token.IsSigned(text, SignedToken.SignIn, Key).ShouldBeFalse();
        token.IsSigned(text, SignedToken.Session, SignedToken.SigningKey(new byte[32], "other"u8)).ShouldBeFalse();
        token.IsSigned(text + "A", SignedToken.Session, Key).ShouldBeFalse();
        (token with { Until = token.Until.AddSeconds(1) }).IsSigned(text, SignedToken.Session, Key).ShouldBeFalse();
    }

    [Fact]
    public void Create_AtTheSameMoment_IsAnotherToken() =>
        SignedToken.Create("a", Samples.Noon).Sign(SignedToken.Session, Key).ShouldNotBe(SignedToken.Create("a", Samples.Noon).Sign(SignedToken.Session, Key));

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("YQ.1.x.s")]
    [InlineData("YQ.-1.00000000000000000000000000000001.s")]
    [InlineData("YQ.999999999999999999.00000000000000000000000000000001.s")]
    [InlineData("!.1.00000000000000000000000000000001.s")]
    [InlineData("YQ.1.00000000000000000000000000000001")]
    [InlineData("YQ.1.00000000000000000000000000000001.s.t")]
    public void Read_NoToken_IsNull(string text) => SignedToken.Read(text).ShouldBeNull();

    [Fact]
    public void Read_TooLong_IsNull() => SignedToken.Read($"YQ.1.00000000000000000000000000000001.{new string('s', SignedToken.MaxLength)}").ShouldBeNull();
}
