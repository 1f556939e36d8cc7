local function fib0(n) return n end
local function fib1(n) return n end
local function fib2(n) if n < 2 then return n end return fib1(n - 1) + fib0(n - 2) end
local function fib3(n) if n < 2 then return n end return fib2(n - 1) + fib1(n - 2) end
local function fib4(n) if n < 2 then return n end return fib3(n - 1) + fib2(n - 2) end
local function fib5(n) if n < 2 then return n end return fib4(n - 1) + fib3(n - 2) end
local function fib6(n) if n < 2 then return n end return fib5(n - 1) + fib4(n - 2) end
local function fib7(n) if n < 2 then return n end return fib6(n - 1) + fib5(n - 2) end
local function fib8(n) if n < 2 then return n end return fib7(n - 1) + fib6(n - 2) end
local function fib9(n) if n < 2 then return n end return fib8(n - 1) + fib7(n - 2) end
local function fib10(n) if n < 2 then return n end return fib9(n - 1) + fib8(n - 2) end
local function fib11(n) if n < 2 then return n end return fib10(n - 1) + fib9(n - 2) end
local function fib12(n) if n < 2 then return n end return fib11(n - 1) + fib10(n - 2) end
local function fib13(n) if n < 2 then return n end return fib12(n - 1) + fib11(n - 2) end
local function fib14(n) if n < 2 then return n end return fib13(n - 1) + fib12(n - 2) end
local function fib15(n) if n < 2 then return n end return fib14(n - 1) + fib13(n - 2) end
local function fib16(n) if n < 2 then return n end return fib15(n - 1) + fib14(n - 2) end
local function fib17(n) if n < 2 then return n end return fib16(n - 1) + fib15(n - 2) end
local function fib18(n) if n < 2 then return n end return fib17(n - 1) + fib16(n - 2) end
local function fib19(n) if n < 2 then return n end return fib18(n - 1) + fib17(n - 2) end
local function fib20(n) if n < 2 then return n end return fib19(n - 1) + fib18(n - 2) end
local function fib21(n) if n < 2 then return n end return fib20(n - 1) + fib19(n - 2) end
local function fib22(n) if n < 2 then return n end return fib21(n - 1) + fib20(n - 2) end
local function fib23(n) if n < 2 then return n end return fib22(n - 1) + fib21(n - 2) end
local function fib24(n) if n < 2 then return n end return fib23(n - 1) + fib22(n - 2) end
local function fib25(n) if n < 2 then return n end return fib24(n - 1) + fib23(n - 2) end
local function fib26(n) if n < 2 then return n end return fib25(n - 1) + fib24(n - 2) end
local function fib27(n) if n < 2 then return n end return fib26(n - 1) + fib25(n - 2) end

return fib27(27)
