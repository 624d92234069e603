using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mooring.Cli.Tests.Demo;

/// <summary>A request whose answer goes nowhere: the server acts, the client never hears of it.</summary>
internal sealed class LostAnswer
{
    public LostAnswer(HttpContext real)
    {
        Context = new DefaultHttpContext();
        Context.Request.Method = real.Request.Method;
        Context.Request.Path = real.Request.Path;
        Context.Request.Body = real.Request.Body;
        Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
    }

    public HttpContext Context { get; }
}
