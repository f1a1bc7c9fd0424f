using System.Net;
using System.Text;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Tests.Core;

public sealed class WebhookTests
{
    [Fact]
    public void Sign_TheReferenceVectorOfStandardWebhooks_GivesItsSignature() => WebhookSignature.Sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
        .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void NewSecret_HasThePrefixAnd32Bytes()
    {
        var secret = WebhookSignature.NewSecret();
        secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBe(32);
        var many = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToList();
        many.ShouldBeUnique();
        many.ShouldAllBe(one => !one.Contains('+')); // in JSON, a secret must look like what it is
    }

    [Fact]
    public void ToString_OfAWebhook_HoldsNoSecret()
    {
        var webhook = new Webhook
        {
            Id = Guid.NewGuid(), Version = 1, Url = "https://example.com/", Types = Webhook.AllTypes, Enabled = true,
            Secret = WebhookSignature.NewSecret(), CreatedAt = Samples.Noon, CreatedBy = "someone",
        }.Rotate(Samples.Noon);
        webhook.ToString().ShouldNotContain("whsec_");
        webhook.SecretsAt(Samples.Noon.AddHours(23)).Count().ShouldBe(2);
        webhook.SecretsAt(Samples.Noon.AddHours(24)).ShouldBe([webhook.Secret]);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void PublicAddresses_WhatOnlyWeCanReach_IsNotPublic(string address) => PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void PublicAddresses_TheRest_IsPublic(string address) => PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBeTrue();
}
