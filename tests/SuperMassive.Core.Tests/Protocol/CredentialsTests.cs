using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class CredentialsTests
{
    [Theory]
    [InlineData("user\\0password", true)]
    [InlineData("user\0password", true)]
    [InlineData("user\0passwore", false)]
    [InlineData("User\0password", false)]
    [InlineData("user\0password ", false)]
    [InlineData("user\0", false)]
    [InlineData("userpassword", false)]
    [InlineData("user:password", false)]
    [InlineData("", false)]
    public void One_argument(string secret, bool expected) =>
        Assert.Equal(expected, Credentials.Matches(Bytes(Convert.ToBase64String(Bytes(secret))), "user"u8, "password"u8));

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("user\\0password")]
    [InlineData("dXNlclwwcGFzc3dvcmQ")]
    [InlineData("dXNlclwwcGFzc3dvcmQ=x")]
    [InlineData("dXNlclwwcGFzc3dvcmQ=dXNl")]
    [InlineData("****")]
    [InlineData("\u00ff\0\u00ff\0")]
    public void Not_base64(string argument) => Assert.False(Credentials.Matches(Bytes(argument), "user"u8, "password"u8));

    [Fact]
    public void As_a_shell_makes_it() => Assert.True(Credentials.Matches("dXNlclwwcGFzc3dvcmQ="u8, "user"u8, "password"u8));

    [Theory]
    [InlineData("user", "password", true)]
    [InlineData("user", "passwor", false)]
    [InlineData("use", "rpassword", false)]
    [InlineData("", "", false)]
    [InlineData("password", "user", false)]
    public void Two_arguments(string user, string password, bool expected) =>
        Assert.Equal(expected, Credentials.Matches(Bytes(user), Bytes(password), "user"u8, "password"u8));

    [Fact]
    public void Long_secrets_are_no_trouble()
    {
        var password = new byte[48 << 10];
        Assert.True(Credentials.Matches(Bytes(Convert.ToBase64String([.. "u\0"u8, .. password])), "u"u8, password));
        Assert.True(Credentials.Matches("u"u8, password, "u"u8, password));
    }
}
